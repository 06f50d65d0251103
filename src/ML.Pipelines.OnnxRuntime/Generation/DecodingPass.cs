using Microsoft.ML.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>Takes the logits behind a row's last token; they are valid during the call.</summary>
internal delegate void LogitReader(int row, ReadOnlySpan<float> logits);

/// <summary>One model call of decoding: new tokens of every row on top of their cache, and the logits behind the last of each.</summary>
/// <param name="session">The graph.</param>
/// <param name="ids">The new tokens, row after row; as many of each.</param>
/// <param name="past">What the rows have so far.</param>
internal sealed class DecodingPass(DecoderSession session, long[] ids, DecodingCache past)
{
    private readonly int _rows = past.Lengths.Count;
    private readonly int _count = ids.Length / past.Lengths.Count;

    /// <summary>Runs it without logits.</summary>
    /// <returns>The grown cache.</returns>
    public DecodingCache Extend()
    {
        var outputs = Run(wantsLogits: false);
        return Grown([.. outputs]);
    }

    /// <summary>Runs it and hands out each row's logits, in order.</summary>
    /// <returns>The grown cache, which is empty where the graph has none.</returns>
    public DecodingCache Choose(LogitReader read)
    {
        var outputs = Run(wantsLogits: true);
        var cache = Grown([.. outputs.Skip(1)]);
        using var logits = outputs[0];
        try
        {
            for (var row = 0; row < _rows; row++) read(row, TokenChoice.Line(logits, Line(row)));
            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    private int Line(int row) => session.Signature.SelectsLogits ? row : row * _count + _count - 1;

    // The outputs are the next pass's past as they are: nothing is copied on this side.
    private DecodingCache Grown(IReadOnlyList<OrtValue> presents) =>
        new(presents, [.. past.Lengths.Select(length => length + _count)]) { Width = past.Width + _count };

    private IDisposableReadOnlyCollection<OrtValue> Run(bool wantsLogits)
    {
        var integers = new List<OrtValue>();
        try
        {
            integers.AddRange(Integers());
            return session.Run([.. integers, .. past.Tensors],
                new(_rows, past.Width, _count, wantsLogits ? _rows : 0, session.Signature.HasCache));
        }
        finally
        {
            foreach (var value in integers)
                value.Dispose();
        }
    }

    // In the order of the session's inputs; a graph gets only what it lists.
    private IEnumerable<OrtValue> Integers()
    {
        var signature = session.Signature;
        yield return OrtValue.CreateTensorValueFromMemory(ids, [_rows, _count]);
        if (signature.Mask)
            yield return OrtValue.CreateTensorValueFromMemory(Mask(), [_rows, past.Width + _count]);
        if (signature.Positions)
            yield return OrtValue.CreateTensorValueFromMemory(Positions(), [_rows, _count]);
        if (signature.SelectsLogits)
            yield return OrtValue.CreateTensorValueFromMemory(
                [.. Enumerable.Range(0, _rows).Select(row => (long)row * _count + _count - 1)], [_rows]);
    }

    private long[] Mask()
    {
        var width = past.Width + _count;
        var mask = new long[_rows * width];
        for (var row = 0; row < _rows; row++)
            mask.AsSpan((row + 1) * width - past.Lengths[row] - _count, past.Lengths[row] + _count).Fill(1);
        return mask;
    }

    private long[] Positions() => [.. past.Lengths.SelectMany(length => Enumerable.Range(length, _count).Select(at => (long)at))];
}
