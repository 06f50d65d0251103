using System.Globalization;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Generation;

namespace ML.Pipelines.Bench;

/// <summary>Load, forward and decoding times of models. The models take turns, so that noise of the machine hits all of them.</summary>
internal sealed class ModelBenchmark(IReadOnlyList<OnnxModel> models, OnnxScorerOptions options, Clock clock)
{
    private const int Loads = 10, Forwards = 50, Decodes = 10;
    private const int ForwardTokens = 256, PromptTokens = 32, NewTokens = 128;

    public void Run()
    {
        var loads = Median(Loads, models, model => OnnxLanguageScorer.Create(model, options).Dispose());
        var scorers = models.Select(model => OnnxLanguageScorer.Create(model, options)).ToList();
        try
        {
            var forwards = Median(Forwards, scorers, Forward);
            var decodes = Median(Decodes, scorers, Decode);
            Console.WriteLine($"medians in ms: load (session and tokenizer) of {Loads}, forward of {ForwardTokens} tokens of {Forwards}, "
                + $"decoding of {NewTokens} tokens after {PromptTokens} of {Decodes}");
            for (var i = 0; i < scorers.Count; i++)
                Print(scorers[i].Info.Name, loads[i], forwards[i], decodes[i]);
        }
        finally
        {
            scorers.ForEach(scorer => scorer.Dispose());
        }
    }

    private static void Print(string name, double load, double forward, double decode) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name}: load {load * 1e3:f1}, forward {forward * 1e3:f1} ({ForwardTokens / forward:n0} tokens/s), "
            + $"decode {decode * 1e3:f1} ({NewTokens / decode:n0} tokens/s)"));

    // The first round warms up and does not count.
    private double[] Median<T>(int rounds, IReadOnlyList<T> models, Action<T> action)
    {
        var times = models.Select(_ => new List<double>()).ToList();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < models.Count; i++)
            {
                var seconds = clock.Seconds(() => action(models[i]));
                if (round > 0)
                    times[i].Add(seconds);
            }
        }
        return [.. times.Select(Median)];
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return (times[(times.Count - 1) / 2] + times[times.Count / 2]) / 2;
    }

    private static void Forward(OnnxLanguageScorer scorer)
    {
        using var past = DecodingCache.Empty(scorer.Session);
        new DecodingPass(scorer.Session, [.. Ids(scorer, ForwardTokens)], past).Choose((_, _) => { }).Dispose();
    }

    // Without end-of-text tokens every model decodes as many.
    private void Decode(OnnxLanguageScorer scorer) =>
        new TokenGenerator(scorer.Session, scorer.Info.ContextLength, [], new() { ChunkSize = options.ChunkSize })
            .Generate(new([.. Ids(scorer, PromptTokens).Select(id => (int)id)], NewTokens));

    private static IEnumerable<long> Ids(OnnxLanguageScorer scorer, int count)
    {
        var random = new Random(1);
        return Enumerable.Range(0, count).Select(_ => random.NextInt64(scorer.Tokenizer.VocabularySize));
    }
}
