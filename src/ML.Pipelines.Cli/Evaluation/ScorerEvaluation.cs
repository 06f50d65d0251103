namespace ML.Pipelines.Cli.Evaluation;

/// <summary>
/// Whether the importance of steps tells those that a generated answer needs from those that it does not. Steps that are needed but said
/// twice (shadowed) count for neither.
/// </summary>
internal static class ScorerEvaluation
{
    /// <summary>The part's name.</summary>
    public const string Part = "scorer";

    /// <summary>The figures of each form, split and seed, and of each form and split over the seeds.</summary>
    public static async Task<IReadOnlyList<EvaluationFigure>> MeasureAsync(
        EvaluationContext context, IReadOnlyList<Located<LabelledTrace>> traces)
    {
        var rows = context.Limited(traces, trace => (trace.Form, trace.Split, trace.Seed));
        var scored = await context.MeasureAsync(Part, rows, async trace => new ScoredTrace(trace, await ChainScoring.ImportanceAsync(
            context.Scorer, trace.Question, [.. trace.Steps.Select(step => step.Text)], trace.Answer, context.CancellationToken)
            .ConfigureAwait(false))).ConfigureAwait(false);
        return [.. scored.GroupBy(row => $"{row.Trace.Form}, {row.Trace.Split}").SelectMany(group => OverSeeds(group.Key, group))];
    }

    /// <summary>The figures of one seed's traces.</summary>
    internal static IReadOnlyList<EvaluationFigure> OfSeed(string group, int seed, IReadOnlyList<ScoredTrace> traces) =>
    [
        new(Part, group, "AUC of critical against redundant steps", Area(traces, trace => trace.Importance), traces.Count)
        {
            Seed = seed, Chance = .5, Baseline = Area(traces, trace => trace.LastStepRule),
        },
        new(Part, group, "the most important step is critical",
            traces.Average(trace => trace.IsCritical(ChainScoring.Top(trace.Importance))), traces.Count)
        {
            Seed = seed,
            Chance = traces.Average(trace => trace.Of(StepLabel.Critical, trace.Importance).Count() / (double)trace.Importance.Count),
            Baseline = traces.Average(trace => trace.IsCritical(trace.Importance.Count - 1)),
        },
    ];

    private static IEnumerable<EvaluationFigure> OverSeeds(string group, IEnumerable<ScoredTrace> traces)
    {
        var figures = traces.GroupBy(row => row.Trace.Seed).OrderBy(seed => seed.Key)
            .SelectMany(seed => OfSeed(group, seed.Key, [.. seed])).ToList();
        foreach (var name in figures.GroupBy(figure => figure.Name))
        {
            yield return name.First() with
            {
                Seed = null,
                Value = name.Average(figure => figure.Value),
                Count = name.Sum(figure => figure.Count),
                Minimum = name.Min(figure => figure.Value),
                Maximum = name.Max(figure => figure.Value),
                Chance = name.Average(figure => figure.Chance),
                Baseline = name.Average(figure => figure.Baseline),
            };
            foreach (var figure in name) yield return figure;
        }
    }

    private static double Area(IReadOnlyList<ScoredTrace> traces, Func<ScoredTrace, IReadOnlyList<double>> scores) => RocCurve.Area(
        [.. traces.SelectMany(trace => trace.Of(StepLabel.Critical, scores(trace)))],
        [.. traces.SelectMany(trace => trace.Of(StepLabel.Redundant, scores(trace)))]);
}

/// <summary>A trace with the importance of each step.</summary>
internal sealed record ScoredTrace(LabelledTrace Trace, IReadOnlyList<double> Importance)
{
    /// <summary>The rule that only the last step counts, as scores.</summary>
    public IReadOnlyList<double> LastStepRule => [.. Importance.Select((_, step) => step == Importance.Count - 1 ? 1.0 : 0.0)];

    /// <summary>The scores of the steps of a label.</summary>
    public IEnumerable<double> Of(StepLabel label, IReadOnlyList<double> scores) =>
        scores.Where((_, step) => Trace.Steps[step].Label == label);

    /// <summary>1 where a step is critical, else 0.</summary>
    public double IsCritical(int step) => Trace.Steps[step].Label == StepLabel.Critical ? 1 : 0;
}
