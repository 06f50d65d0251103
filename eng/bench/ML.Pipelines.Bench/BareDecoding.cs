using Microsoft.ML.OnnxRuntime;
using ML.Pipelines.OnnxRuntime;

namespace ML.Pipelines.Bench;

/// <summary>The least loop that decodes with ONNX Runtime: prompts of one length, greedily, the outputs of a pass its next cache.</summary>
internal sealed class BareDecoding : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly List<string> _pasts;
    private readonly List<string> _outputs;

    public BareDecoding(OnnxModel model, int threads)
    {
        using var options = new SessionOptions { EnableMemoryPattern = false };
        options.IntraOpNumThreads = threads > 0 ? threads : Environment.ProcessorCount;
        if (model.Folder is not null)
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", model.Folder);
        _session = new(model.Read(model.GraphFile)!, options);
        _pasts = [.. _session.InputMetadata.Keys.Where(name => name.StartsWith("past_key_values", StringComparison.Ordinal))];
        _outputs = ["logits", .. _pasts.Select(name => "present" + name["past_key_values".Length..])];
    }

    /// <summary>The new ids of each row.</summary>
    public int[][] Decode(int[][] prompts, int newTokens)
    {
        var (rows, next, length) = (prompts.Length, prompts, 0);
        var ids = prompts.Select(_ => new int[newTokens]).ToArray();
        IReadOnlyList<OrtValue> cache = [.. _pasts.Select(name => Empty(name, rows))];
        for (var at = 0; at < newTokens; at++)
        {
            var count = next[0].Length;
            var outputs = Pass(next, length, cache);
            foreach (var value in cache) value.Dispose();
            (cache, length) = ([.. outputs.Skip(1)], length + count);
            using (var logits = outputs[0])
                for (var row = 0; row < rows; row++)
                    ids[row][at] = Best(logits.GetTensorDataAsSpan<float>(), row * count + count - 1, rows * count);
            next = [.. ids.Select(row => (int[])[row[at]])];
        }
        foreach (var value in cache) value.Dispose();
        return ids;
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private IDisposableReadOnlyCollection<OrtValue> Pass(int[][] tokens, int past, IReadOnlyList<OrtValue> cache)
    {
        var (rows, count) = (tokens.Length, tokens[0].Length);
        var (names, values) = (new List<string> { "input_ids" },
            new List<OrtValue> { Integers(rows, count, (row, at) => tokens[row][at]) });
        if (_session.InputMetadata.ContainsKey("attention_mask")) Add("attention_mask", Integers(rows, past + count, (_, _) => 1));
        if (_session.InputMetadata.ContainsKey("position_ids")) Add("position_ids", Integers(rows, count, (_, at) => past + at));
        try
        {
            return _session.Run(_runOptions, [.. names, .. _pasts], [.. values, .. cache], _outputs);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }

        void Add(string name, OrtValue value)
        {
            names.Add(name);
            values.Add(value);
        }
    }

    private static int Best(ReadOnlySpan<float> logits, int line, int lines) =>
        System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits.Slice(line * (logits.Length / lines), logits.Length / lines));

    private OrtValue Empty(string name, int rows)
    {
        var shape = _session.InputMetadata[name].Dimensions;
        return OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [rows, shape[1], 0, shape[3]]);
    }

    private static OrtValue Integers(int rows, int columns, Func<int, int, long> value) => OrtValue.CreateTensorValueFromMemory(
        Enumerable.Range(0, rows * columns).Select(i => value(i / columns, i % columns)).ToArray(), [rows, columns]);
}
