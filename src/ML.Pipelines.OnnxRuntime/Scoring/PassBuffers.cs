using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ML.Pipelines.OnnxRuntime.Scoring;

/// <summary>The inputs of passes in memory that is reused from pass to pass and from request to request; used by one request at a
/// time.</summary>
internal sealed class PassBuffers(DecoderSignature signature)
{
    private readonly long[][] _integers = [[], [], [], []];
    private readonly byte[][] _cache = [.. signature.Cache.Select(_ => Array.Empty<byte>())];

    /// <summary>Memory for one of the four integer inputs, not cleared.</summary>
    public Memory<long> Integers(int input, int count)
    {
        if (_integers[input].Length < count)
            _integers[input] = new long[Grown(count)];
        return _integers[input].AsMemory(0, count);
    }

    /// <summary>
    /// The past of a batch as tensors over reused memory: of each row the first tokens of the cached chain, right-aligned in the longest,
    /// zeros before. Valid until the next call.
    /// </summary>
    public OrtValue[] Past(IReadOnlyList<OrtValue> chain, int chainLength, IReadOnlyList<ScoredSequence> rows)
    {
        var length = rows.Max(row => row.Past);
        var tensors = new OrtValue[signature.Cache.Count];
        for (var i = 0; i < tensors.Length; i++)
        {
            var shape = signature.Cache[i];
            var tokenBytes = shape.Size * signature.CacheElementBytes;
            var bytes = Pinned(i, rows.Count * shape.Heads * length * tokenBytes);
            Align(chain[i].GetTensorMutableRawData(), chainLength, bytes.Span, length, rows, shape.Heads, tokenBytes);
            tensors[i] = Tensor(bytes, [rows.Count, shape.Heads, length, shape.Size]);
        }
        return tensors;
    }

    private static void Align(ReadOnlySpan<byte> chain, int chainLength, Span<byte> target, int length, IReadOnlyList<ScoredSequence> rows,
        int heads, int tokenBytes)
    {
        foreach (var row in rows)
        {
            for (var head = 0; head < heads; head++)
            {
                var padding = (length - row.Past) * tokenBytes;
                target[..padding].Clear();
                chain.Slice(head * chainLength * tokenBytes, row.Past * tokenBytes).CopyTo(target[padding..]);
                target = target[(length * tokenBytes)..];
            }
        }
    }

    private OrtValue Tensor(Memory<byte> bytes, long[] shape)
    {
        MemoryMarshal.TryGetArray<byte>(bytes, out var segment);
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, signature.CacheType, shape,
            Marshal.UnsafeAddrOfPinnedArrayElement(segment.Array!, 0), bytes.Length);
    }

    private Memory<byte> Pinned(int index, int count)
    {
        if (_cache[index].Length < count || count == 0)
            _cache[index] = GC.AllocateUninitializedArray<byte>(Grown(Math.Max(count, 64)), pinned: true);
        return _cache[index].AsMemory(0, count);
    }

    private static int Grown(int count) => checked(count + count / 4);
}
