using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ML.Pipelines.Traces;

/// <summary>Ids out of content, for rows that come without one.</summary>
internal static class ContentId
{
    /// <summary>
    /// <c>h-</c> and the first 32 hex digits of SHA-256 over question, reasoning, solution and answer, each as its UTF-8 bytes after
    /// their number (four bytes, little-endian; -1 for null), so that no two rows share the hashed bytes by a shifted border.
    /// </summary>
    public static string Of(ReasoningTrace trace)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in (string?[])[trace.Question, trace.Reasoning, trace.Solution, trace.Answer]) Append(hash, text);
        return "h-" + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>128 bits that stand for an id, so that the ids of a large data set fit into memory.</summary>
    public static UInt128 Key(string id) => MemoryMarshal.Read<UInt128>(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static void Append(IncrementalHash hash, string? text)
    {
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
