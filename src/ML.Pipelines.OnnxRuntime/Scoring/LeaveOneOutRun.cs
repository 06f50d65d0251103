using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ML.Pipelines.OnnxRuntime.Scoring;

/// <summary>The model calls of one request: a chunked pass over the whole chain, then the rest behind each left-out segment on top of its
/// cache.</summary>
internal sealed class LeaveOneOutRun(DecoderSession session, PassBuffers buffers, TokenizedRequest tokens, OnnxScorerOptions options,
    CancellationToken cancellationToken)
{
    /// <summary>Model calls so far.</summary>
    public int Passes { get; private set; }

    /// <summary>Tokens forwarded so far, padding included.</summary>
    public long TokensForwarded { get; private set; }

    /// <summary>The fewest tokens that could have been forwarded for the sequences so far.</summary>
    public long MinimumTokens { get; private set; }

    /// <summary>The continuation's log-probabilities after the whole chain, and without each of the segments.</summary>
    public (double[] Full, double[][] Without) Score(IReadOnlyList<int> leaveOut)
    {
        var cached = session.Signature.HasCache;
        var chain = tokens.Sequence(null, sharesPrefix: false);
        var cut = leaveOut.Select(segment => tokens.Sequence(segment, cached)).Where(sequence => sequence.CutLength > 0).ToList();
        var scores = new Dictionary<int, double[]>();
        var (full, cache) = RunChain(chain, keepCache: cached && cut.Count > 0);
        try
        {
            // The longest past comes first, so that its memory serves all others.
            foreach (var batch in BatchPlan.Create(cut, options).AsEnumerable().Reverse())
                RunVariants(batch, cache, chain.Length, scores);
        }
        finally
        {
            Dispose(cache);
        }
        // A segment without tokens leaves the chain as it is.
        return (full, [.. leaveOut.Select(segment => scores.GetValueOrDefault(segment, full))]);
    }

    private (double[] Full, IReadOnlyList<OrtValue> Cache) RunChain(ScoredSequence chain, bool keepCache)
    {
        var result = NewScores(1);
        var cache = Forward([chain], session.EmptyCache(1), keepCache, result);
        return (result[0], cache);
    }

    private void RunVariants(ScoredSequence[] batch, IReadOnlyList<OrtValue> chain, int chainLength, Dictionary<int, double[]> scores)
    {
        var result = NewScores(batch.Length);
        var past = batch.All(row => row.Past == 0) ? session.EmptyCache(batch.Length) : buffers.Past(chain, chainLength, batch);
        Dispose(Forward(batch, past, keepCache: false, result));
        for (var row = 0; row < batch.Length; row++)
            scores.Add(batch[row].Segment!.Value, result[row]);
    }

    private double[][] NewScores(int rows) => [.. Enumerable.Range(0, rows).Select(_ => new double[tokens.Answer])];

    /// <summary>Forwards a batch chunk by chunk; disposes the past it is given.</summary>
    private IReadOnlyList<OrtValue> Forward(ScoredSequence[] batch, IReadOnlyList<OrtValue> past, bool keepCache, double[][] scores)
    {
        var length = batch.Max(row => row.Length);
        var chunk = session.Signature.HasCache ? ChunkLength(length) : length;
        for (var start = 0; start < length; start += chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(chunk, length - start);
            past = ForwardChunk(batch, past, start, count, keepCache || start + count < length, scores);
        }
        MinimumTokens += batch.Sum(row => (long)row.Length);
        return past;
    }

    /// <summary>Chunks of nearly one length, none longer than the option.</summary>
    private int ChunkLength(int length)
    {
        var chunks = (length + options.ChunkSize - 1) / options.ChunkSize;
        return (length + chunks - 1) / chunks;
    }

    private IReadOnlyList<OrtValue> ForwardChunk(ScoredSequence[] batch, IReadOnlyList<OrtValue> past, int start, int count,
        bool keepCache, double[][] scores)
    {
        var answers = AnswersIn(batch, start, count);
        var pastLength = batch.Max(row => row.Past) + start;
        var shape = new PassShape(batch.Length, pastLength, count, answers.Count, keepCache && session.Signature.HasCache);
        var inputs = new List<OrtValue>(IntegerInputs(batch, start, shape, answers));
        inputs.AddRange(past);
        try
        {
            var outputs = session.Run(inputs, shape);
            Passes++;
            TokensForwarded += (long)batch.Length * count;
            return Collect(outputs, answers, count, scores);
        }
        finally
        {
            Dispose(inputs);
        }
    }

    /// <summary>The positions of this chunk whose logits score a token of the continuation.</summary>
    private List<(int Row, int Position, int Token)> AnswersIn(ScoredSequence[] batch, int start, int count)
    {
        var answers = new List<(int, int, int)>();
        for (var row = 0; row < batch.Length; row++)
        {
            for (var token = 0; token < tokens.Answer; token++)
            {
                var position = batch[row].Length - tokens.Answer + token - start;
                if (position >= 0 && position < count)
                    answers.Add((row, position, token));
            }
        }
        return answers;
    }

    private IEnumerable<OrtValue> IntegerInputs(ScoredSequence[] batch, int start, PassShape shape,
        List<(int Row, int Position, int Token)> answers)
    {
        var signature = session.Signature;
        yield return Integers(0, [shape.Rows, shape.Tokens], span => FillIds(span, batch, start, shape.Tokens));
        if (signature.Mask)
            yield return Integers(1, [shape.Rows, shape.Past + shape.Tokens], span => FillMask(span, batch, start, shape));
        if (signature.Positions)
            yield return Integers(2, [shape.Rows, shape.Tokens], span => FillPositions(span, batch, start, shape.Tokens));
        if (signature.SelectsLogits)
            yield return Integers(3, [Math.Max(answers.Count, 1)], span => FillAnswers(span, answers, shape.Tokens));
    }

    private OrtValue Integers(int input, long[] shape, Action<Span<long>> fill)
    {
        var memory = buffers.Integers(input, (int)shape.Aggregate((a, b) => a * b));
        fill(memory.Span);
        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);
    }

    private void FillIds(Span<long> ids, ScoredSequence[] batch, int start, int count)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            var sequence = batch[i / count];
            var position = start + i % count;
            ids[i] = position < sequence.Length ? tokens.Ids[sequence.Source(position)] : 0;
        }
    }

    // The past is padded on the left and the new tokens on the right, so that a row's own tokens stay adjacent.
    private static void FillMask(Span<long> mask, ScoredSequence[] batch, int start, PassShape shape)
    {
        var width = shape.Past + shape.Tokens;
        for (var row = 0; row < batch.Length; row++)
        {
            var line = mask.Slice(row * width, width);
            var padding = shape.Past - start - batch[row].Past;
            var end = Math.Min(width, padding + batch[row].Past + batch[row].Length);
            line[..padding].Clear();
            line[padding..end].Fill(1);
            line[end..].Clear();
        }
    }

    // Padding repeats the last position: beyond it a model may have none.
    private static void FillPositions(Span<long> positions, ScoredSequence[] batch, int start, int count)
    {
        for (var i = 0; i < positions.Length; i++)
        {
            var sequence = batch[i / count];
            positions[i] = sequence.Past + Math.Min(start + i % count, sequence.Length - 1);
        }
    }

    private static void FillAnswers(Span<long> positions, List<(int Row, int Position, int Token)> answers, int count)
    {
        positions.Clear();
        for (var i = 0; i < answers.Count; i++)
            positions[i] = (long)answers[i].Row * count + answers[i].Position;
    }

    private IReadOnlyList<OrtValue> Collect(IDisposableReadOnlyCollection<OrtValue> outputs,
        List<(int Row, int Position, int Token)> answers, int count, double[][] scores)
    {
        if (answers.Count == 0)
            return outputs;
        using var logits = outputs[0];
        for (var i = 0; i < answers.Count; i++)
        {
            var (row, position, token) = answers[i];
            var line = session.Signature.SelectsLogits ? i : row * count + position;
            scores[row][token] = Read(logits, line, tokens.Ids[tokens.Context + token]);
        }
        return [.. outputs.Skip(1)];
    }

    private static double Read(OrtValue logits, int line, int target)
    {
        var info = logits.GetTensorTypeAndShape();
        var columns = (int)info.Shape[^1];
        if (target >= columns)
            throw new PipelineException(ErrorCode.TokenOutOfRange,
                $"Token id {target} is not among the model's {columns} logits. Use the tokenizer that belongs to the model.");
        var bytes = logits.GetTensorMutableRawData();
        return info.ElementDataType == TensorElementType.Float16
            ? LogProbability.Of(MemoryMarshal.Cast<byte, Half>(bytes).Slice(line * columns, columns), target)
            : LogProbability.Of(MemoryMarshal.Cast<byte, float>(bytes).Slice(line * columns, columns), target);
    }

    private static void Dispose(IEnumerable<OrtValue> values)
    {
        foreach (var value in values)
            value.Dispose();
    }
}
