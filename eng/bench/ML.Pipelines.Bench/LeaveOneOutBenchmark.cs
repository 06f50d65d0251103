using System.Globalization;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.Bench;

/// <summary>Leave-one-out against naive re-scoring, against the multiply-add count, and against ONNX Runtime alone.</summary>
internal sealed class LeaveOneOutBenchmark : IDisposable
{
    private const double NaiveLimit = 600;
    private readonly OnnxModel _model;
    private readonly OnnxLanguageScorer _scorer;
    private readonly NaiveRescoring _naive;
    private readonly MultiplyAdds _cost;
    private readonly BareLoop _bare;
    private readonly int _repeats;
    private readonly Clock _clock;
    private readonly List<PassShape> _passes = [];

    public LeaveOneOutBenchmark(OnnxModel model, OnnxScorerOptions options, int repeats, Clock clock)
    {
        (_model, _repeats, _clock) = (model, repeats, clock);
        _scorer = OnnxLanguageScorer.Create(model, options);
        _naive = new(model, options);
        _cost = MultiplyAdds.Of(model);
        _bare = new(_scorer.Session, clock);
        _scorer.Session.PassStarting = _passes.Add;
    }

    public void Run(IReadOnlyList<ReasoningTrace> traces, double? share)
    {
        share ??= ChooseShare(traces);
        var sampled = traces.Select(trace => trace.Sample(share.Value)).ToList();
        Console.WriteLine($"{traces.Count} traces, {traces.Sum(t => t.Request.LeaveOut.Count)} steps to leave out");
        Console.WriteLine(Describe(share.Value, sampled.Sum(t => t.Request.LeaveOut.Count)));
        var totals = new Totals();
        foreach (var trace in sampled)
            totals += Measure(trace);
        Report(totals, _scorer.Statistics);
    }

    public void Dispose()
    {
        _bare.Dispose();
        _naive.Dispose();
        _scorer.Dispose();
    }

    private static string Describe(double share, int steps) => share >= 1
        ? "all of them are scored"
        : $"{steps} of them, spread evenly, are scored by both: what --share says, or naive re-scoring does in ten minutes";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // One pass of middle length says what a multiply-add takes.
    private double ChooseShare(IReadOnlyList<ReasoningTrace> traces)
    {
        var tokens = traces.Select(Tokenize).OrderBy(t => t.Ids.Count).ToList();
        var middle = tokens[tokens.Count / 2];
        var chain = middle.Sequence(null, sharesPrefix: false);
        _naive.Score(middle, chain);
        var seconds = _clock.Seconds(() => _naive.Score(middle, chain));
        var all = traces.Select(Tokenize).Zip(traces, (t, trace) => (trace.Request.LeaveOut.Count + 1.0) * NaivePass(t.Ids.Count - 1))
            .Sum();
        return Math.Min(1, NaiveLimit / (all / NaivePass(chain.Length) * seconds));
    }

    private TokenizedRequest Tokenize(ReasoningTrace trace) => TokenizedRequest.Create(_scorer.Tokenizer, 0, trace.Request);

    private double NaivePass(long tokens) => _cost.Pass(1, 0, tokens, tokens);

    private Totals Measure(ReasoningTrace trace)
    {
        var tokens = Tokenize(trace);
        List<ScoredSequence> variants = [tokens.Sequence(null, false),
            .. trace.Request.LeaveOut.Select(step => tokens.Sequence(step, false))];
        var expected = new List<double[]>();
        var naive = _clock.Seconds(() => expected.AddRange(variants.Select(variant => _naive.Score(tokens, variant))));
        double engine = double.MaxValue, bare = double.MaxValue, difference = 0;
        for (var i = 0; i < _repeats; i++)
        {
            _passes.Clear();
            engine = Math.Min(engine, _clock.Seconds(() => difference = Difference(trace, expected)));
            bare = Math.Min(bare, _bare.Repeat(_passes));
        }
        return new(naive, engine, bare, variants.Sum(v => NaivePass(v.Length)),
            _passes.Sum(p => _cost.Pass(p.Rows, p.Past, p.Tokens, Math.Max(1, p.LogitRows))), difference);
    }

    private double Difference(ReasoningTrace trace, List<double[]> expected)
    {
        var result = _scorer.LeaveOneOutAsync(trace.Request).AsTask().GetAwaiter().GetResult();
        return result.Without.Prepend(result.Full).Zip(expected, (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max()).Max();
    }

    private void Report(Totals totals, ScorerStatistics statistics)
    {
        var (measured, predicted) = (totals.Naive / totals.Engine, totals.NaiveCost / totals.EngineCost);
        var clock = _clock.ProcessorTime ? "processor" : "wall";
        Print($"model {_model.Name}, multiply-adds: a token {_cost.Projections:n0} in projections, {_cost.Head:n0} in the head,");
        Print($"  a pair of tokens {_cost.Attention:n0} in attention");
        Print($"multiply-adds: naive {totals.NaiveCost / 1e12:f3} T, leave-one-out {totals.EngineCost / 1e12:f3} T");
        Print($"{clock} time: naive {totals.Naive:f1} s, leave-one-out {totals.Engine:f1} s, bare ONNX Runtime {totals.Bare:f1} s");
        Print($"  (the last two are the best of {_repeats} for each trace)");
        Print($"largest difference of a log-probability: {totals.Difference:e1} nats");
        Print($"naive/leave-one-out: measured {measured:f2}, predicted {predicted:f2}");
        Print($"measured/predicted = {measured / predicted:f3} (target >= 0.85)");
        Print($"bare/engine = {totals.Bare / totals.Engine:f3} (target >= 0.85)");
        Print($"tokens forwarded {statistics.TokensForwarded:n0} in {statistics.Passes:n0} passes, minimum {statistics.MinimumTokens:n0}");
        Print($"tokens forwarded/minimum = {(double)statistics.TokensForwarded / statistics.MinimumTokens:f4} (target <= 1.02)");
    }

    private static void Print(FormattableString line) => Console.WriteLine(Invariant(line));

    private readonly record struct Totals(double Naive, double Engine, double Bare, double NaiveCost, double EngineCost, double Difference)
    {
        public static Totals operator +(Totals a, Totals b) =>
            new(a.Naive + b.Naive, a.Engine + b.Engine, a.Bare + b.Bare, a.NaiveCost + b.NaiveCost, a.EngineCost + b.EngineCost,
                Math.Max(a.Difference, b.Difference));
    }
}
