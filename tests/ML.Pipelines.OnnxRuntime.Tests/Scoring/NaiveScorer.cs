using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ML.Pipelines.Models;

namespace ML.Pipelines.OnnxRuntime.Tests.Scoring;

/// <summary>Re-scores every variant from scratch with the graph as it was exported: the meaning that leave-one-out must keep.</summary>
internal sealed class NaiveScorer : IDisposable
{
    private readonly InferenceSession _session = new(OnnxModel.Bundled.Read("onnx/model.onnx")!);
    private readonly ITokenizer _tokenizer;

    public NaiveScorer(ITokenizer tokenizer) => _tokenizer = tokenizer;

    public (double[] Full, double[][] Without) Score(LeaveOneOutRequest request) =>
        (Score(request, null), [.. request.LeaveOut.Select(segment => Score(request, segment))]);

    /// <summary>log p of a token after ids.</summary>
    public double LogProbability(IReadOnlyList<int> ids, int token)
    {
        var logits = Logits([.. ids.Select(id => (long)id)], out var columns);
        return LogSoftmax(logits.AsSpan(logits.Length - columns), token);
    }

    /// <summary>The token with the largest logit after ids.</summary>
    public int BestToken(IReadOnlyList<int> ids)
    {
        var logits = Logits([.. ids.Select(id => (long)id)], out var columns);
        logits = logits[^columns..];
        return Array.IndexOf(logits, logits.Max());
    }

    public void Dispose() => _session.Dispose();

    private double[] Score(LeaveOneOutRequest request, int? without)
    {
        var ids = new List<int> { 0 };
        _tokenizer.Encode(request.Prefix, ids);
        for (var i = 0; i < request.Segments.Count; i++)
        {
            if (i != without)
                _tokenizer.Encode(request.Segments[i], ids);
        }
        _tokenizer.Encode(request.Suffix, ids);
        var context = ids.Count;
        _tokenizer.Encode(request.Continuation, ids);
        var logits = Logits([.. ids.Select(id => (long)id)], out var columns);
        return [.. Enumerable.Range(context, ids.Count - context)
            .Select(at => LogSoftmax(logits.AsSpan((at - 1) * columns, columns), ids[at]))];
    }

    private float[] Logits(long[] ids, out int columns)
    {
        var inputs = new List<NamedOnnxValue>
        {
            NamedOnnxValue.CreateFromTensor("input_ids", new DenseTensor<long>(ids, [1, ids.Length])),
            NamedOnnxValue.CreateFromTensor("attention_mask",
                new DenseTensor<long>(Enumerable.Repeat(1L, ids.Length).ToArray(), [1, ids.Length])),
        };
        foreach (var (name, past) in _session.InputMetadata.Where(input => input.Key.StartsWith("past", StringComparison.Ordinal)))
            inputs.Add(NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>([1, past.Dimensions[1], 0, past.Dimensions[3]])));
        using var outputs = _session.Run(inputs, ["logits"]);
        var tensor = outputs[0].AsTensor<float>();
        columns = tensor.Dimensions[^1];
        return [.. tensor];
    }

    private static double LogSoftmax(ReadOnlySpan<float> logits, int target)
    {
        double sum = 0;
        foreach (var logit in logits)
            sum += Math.Exp(logit - logits[target]);
        return -Math.Log(sum);
    }
}
