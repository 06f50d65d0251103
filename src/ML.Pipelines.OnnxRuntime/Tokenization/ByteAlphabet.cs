using System.Text;

namespace ML.Pipelines.OnnxRuntime.Tokenization;

/// <summary>GPT-2's one-to-one map between the 256 bytes and printable characters, in which byte-level vocabularies are written.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Build();
    private static readonly Dictionary<char, byte> Bytes = Enumerable.Range(0, 256).ToDictionary(b => Characters[b], b => (byte)b);

    public static char Character(byte value) => Characters[value];

    /// <summary>The bytes that a vocabulary entry stands for; null where it has a character outside of the alphabet.</summary>
    public static byte[]? ToBytes(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!Bytes.TryGetValue(token[i], out bytes[i]))
                return null;
        }
        return bytes;
    }

    /// <summary>Well-formed UTF-8 of any UTF-16: lone surrogates become U+FFFD.</summary>
    public static byte[] Utf8(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    private static char[] Build()
    {
        var characters = new char[256];
        var next = 256;
        for (var b = 0; b < 256; b++)
            characters[b] = IsPrintable(b) ? (char)b : (char)next++;
        return characters;
    }

    private static bool IsPrintable(int b) => b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
}
