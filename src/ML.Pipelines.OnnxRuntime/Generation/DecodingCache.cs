using Microsoft.ML.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>The key-value cache of a batch: each row's tokens are right-aligned in the longest row, zeros before.</summary>
/// <param name="Tensors">One tensor [rows, heads, width, size] for each of the signature's; none where the graph has no cache.</param>
/// <param name="Lengths">The tokens of each row, padding not counted.</param>
internal sealed record DecodingCache(IReadOnlyList<OrtValue> Tensors, IReadOnlyList<int> Lengths) : IDisposable
{
    /// <summary>The tokens of the longest row that ever was in the batch: the tensors' third dimension.</summary>
    public int Width { get; init; } = Lengths.Max();

    /// <summary>The cache of one row that has no tokens yet.</summary>
    public static DecodingCache Empty(DecoderSession session) => new(session.EmptyCache(1), [0]);

    /// <summary>A new cache of chosen rows of others, padded no more than they need; the others stay as they are.</summary>
    public static DecodingCache Gather(DecoderSignature signature, IReadOnlyList<(DecodingCache Cache, int Row)> rows)
    {
        int[] lengths = [.. rows.Select(row => row.Cache.Lengths[row.Row])];
        var width = lengths.Max();
        var tensors = new OrtValue[signature.Cache.Count];
        for (var i = 0; i < tensors.Length; i++)
        {
            var shape = signature.Cache[i];
            tensors[i] = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, signature.CacheType,
                [rows.Count, shape.Heads, width, shape.Size]);
            Fill(tensors[i].GetTensorMutableRawData(), rows, i, width, shape.Size * signature.CacheElementBytes);
        }
        return new(tensors, lengths);
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors)
            tensor.Dispose();
    }

    private static void Fill(Span<byte> target, IReadOnlyList<(DecodingCache Cache, int Row)> rows, int tensor, int width, int tokenBytes)
    {
        foreach (var (cache, row) in rows)
        {
            var source = cache.Tensors[tensor].GetTensorMutableRawData();
            var rowBytes = source.Length / cache.Lengths.Count;
            CopyHeads(source.Slice(row * rowBytes, rowBytes), cache.Width * tokenBytes, ref target, width * tokenBytes,
                cache.Lengths[row] * tokenBytes);
        }
    }

    private static void CopyHeads(ReadOnlySpan<byte> source, int sourceHead, ref Span<byte> target, int targetHead, int tokens)
    {
        for (; source.Length > 0; source = source[sourceHead..], target = target[targetHead..])
        {
            target[..(targetHead - tokens)].Clear();
            source[(sourceHead - tokens)..sourceHead].CopyTo(target[(targetHead - tokens)..]);
        }
    }
}
