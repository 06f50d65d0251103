using System.Text;
using ML.Pipelines.Stages;
using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>
/// PIR, Perplexity-based Importance Refinement (LIMOPro, arXiv 2505.19187, Algorithm 1): scores each functional step by how much leaving
/// it out lowers the answer's likelihood (nats per answer token) and removes the lowest. Kept text is spans of the input.
/// </summary>
/// <param name="scorer">Where importances come from.</param>
/// <param name="classifier">Classifies steps that have no category yet.</param>
/// <param name="options">The options.</param>
/// <param name="corpusThresholds">By group, learned in Fit; null per solution.</param>
internal sealed class PruningStage(
    IStepScorer scorer, IStepClassifier classifier, PruningOptions options, IReadOnlyDictionary<int, double>? corpusThresholds)
    : IStage<PruningRow, PrunedRow>
{
    internal const string StageName = "prune";
    internal const string Truncated = "context-truncated";
    private const string WithoutAnswer = "no-answer";
    private const string CorrectedStepStays = "corrected-step-stays";

    public string Name => StageName;

    public async ValueTask<IReadOnlyList<StageOutcome<PrunedRow>>> ProcessAsync(
        IReadOnlyList<PruningRow> rows, CancellationToken cancellationToken)
    {
        var outcomes = new StageOutcome<PrunedRow>[rows.Count];
        for (var i = 0; i < rows.Count; i++) outcomes[i] = await ProcessAsync(rows[i], cancellationToken).ConfigureAwait(false);
        return outcomes;
    }

    /// <summary>The importances of a row by group; nothing for rows that are dropped or cannot be scored.</summary>
    public async ValueTask<IReadOnlyList<(int Group, double Importance)>> ImportancesAsync(PruningRow row, CancellationToken cancellationToken)
    {
        var check = AnswerCheck.Of(row, options);
        if (check.DropReason is not null) return [];
        var chain = await PrepareAsync(row, check.Answer, cancellationToken).ConfigureAwait(false);
        var scores = await scorer.ScoreAsync(chain.Request, cancellationToken).ConfigureAwait(false);
        if (scores.Error is not null) return [];
        return [.. Enumerable.Range(0, chain.Groups.Length)
            .Where(i => chain.Groups[i] is not null && scores.Importance[i] is not null)
            .Select(i => (chain.Groups[i]!.Value, scores.Importance[i]!.Value))];
    }

    private async ValueTask<StageOutcome<PrunedRow>> ProcessAsync(PruningRow row, CancellationToken cancellationToken)
    {
        var check = AnswerCheck.Of(row, options);
        if (check.DropReason is { } reason) return StageOutcome<PrunedRow>.Dropped(reason);
        var chain = await PrepareAsync(row, check.Answer, cancellationToken).ConfigureAwait(false);
        var scores = await scorer.ScoreAsync(chain.Request, cancellationToken).ConfigureAwait(false);
        if (scores.Error is { } error) return StageOutcome<PrunedRow>.Quarantined(error);
        var steps = Decide(chain, scores);
        return StageOutcome<PrunedRow>.Kept(new PrunedRow(KeptText(row.Reasoning, steps), check.Answer, steps));
    }

    private async ValueTask<Chain> PrepareAsync(PruningRow row, string? answer, CancellationToken cancellationToken)
    {
        var spans = Array.ConvertAll(row.Steps, step => step.Span);
        if (StepCoverage.FaultIn(row.Reasoning, spans) is { } offset) throw Misfit(row, offset);
        var steps = await ClassifyAsync(row, spans, cancellationToken).ConfigureAwait(false);
        var context = answer is null ? spans.Length : AnswerTail.ContextSteps(row.Reasoning, spans, answer);
        var groups = Array.ConvertAll(steps, step => PruningRule.Group(options.Method, step.Category!.Value));
        var candidates = answer is null ? [] : Enumerable.Range(0, context).Where(i => groups[i] is not null).ToArray();
        var scored = options.Method == PruningMethod.Rule ? null : answer;
        var prefix = options.Prefix.Replace("{question}", row.Question, StringComparison.Ordinal);
        return new(row, steps, groups, candidates, answer,
            new StepScoringRequest(row.Id, prefix, row.Reasoning, spans, context, options.Bridge, scored, scored is null ? [] : candidates));
    }

    private async ValueTask<ReasoningStep[]> ClassifyAsync(PruningRow row, TextSpan[] spans, CancellationToken cancellationToken) =>
        row.Steps.All(step => step.Category is not null)
            ? row.Steps
            : StepClassificationStage.Label(row.Steps, await classifier.ClassifyAsync(row.Reasoning, spans, cancellationToken).ConfigureAwait(false));

    private ReasoningStep[] Decide(Chain chain, StepScores scores)
    {
        var keys = options.Method == PruningMethod.Rule ? RandomKeys(chain) : scores.Importance;
        var marks = PruningRule.Mark(chain.Groups, keys, options.Ratio, corpusThresholds);
        var guards = Guards(chain);
        var removed = Enumerable.Range(0, marks.Count).Select(i => marks[i].Remove && guards[i] is null).ToArray();
        var vetoed = options.GuardCorrections
            ? PruningRule.KeepCorrections(Array.ConvertAll(chain.Steps, step => step.RelatesTo), removed)
            : new HashSet<int>();
        var steps = new ReasoningStep[chain.Steps.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            var (decision, note) = Decision(chain, scores, i, marks[i], removed[i], vetoed.Contains(i) ? CorrectedStepStays : guards[i]);
            steps[i] = chain.Steps[i] with
            {
                Tokens = scores.Tokens[i],
                Importance = scores.Importance[i],
                Rank = marks[i].Rank > 0 ? marks[i].Rank : null,
                Threshold = options.Method == PruningMethod.Rule ? null : marks[i].Threshold,
                Decision = decision,
                Note = note,
            };
        }
        return steps;
    }

    private static (StepDecision Decision, string? Note) Decision(
        Chain chain, StepScores scores, int step, StepMark mark, bool removed, string? guard)
    {
        if (removed) return (StepDecision.Removed, null);
        if (chain.Groups[step] is null) return (StepDecision.Kept, null);
        if (chain.Answer is null) return (StepDecision.Unscored, WithoutAnswer);
        if (step < scores.Truncated) return (StepDecision.Unscored, Truncated);
        return mark.Remove || mark.Rank == 0 ? (StepDecision.Guarded, guard) : (StepDecision.Kept, null);
    }

    private static string?[] Guards(Chain chain)
    {
        var mention = chain.Answer is null ? -1 : AnswerOccurrence.FirstIn(chain.Row.Reasoning, chain.Answer);
        return [.. Enumerable.Range(0, chain.Steps.Length)
            .Select(i => AnswerTail.Guard(i, chain.Row.Reasoning, chain.Request.Steps, chain.Request.ContextSteps, mention))];
    }

    // Seeded by the row's id, so that the choice does not depend on the order of rows.
    private double?[] RandomKeys(Chain chain)
    {
        var random = RowRandom.For(options.Seed, chain.Row.Id);
        var keys = new double?[chain.Steps.Length];
        foreach (var candidate in chain.Candidates) keys[candidate] = random.NextDouble();
        return keys;
    }

    private static string KeptText(string reasoning, ReasoningStep[] steps)
    {
        if (!Array.Exists(steps, step => step.Decision == StepDecision.Removed)) return reasoning;
        var text = new StringBuilder(reasoning.Length);
        foreach (var step in steps.Where(step => step.Decision != StepDecision.Removed)) text.Append(step.Span.In(reasoning));
        return text.ToString();
    }

    private static PipelineException Misfit(PruningRow row, int offset) => new(ErrorCode.Configuration,
        $"PruneByPerplexity: row {row.Id}: from offset {offset} on, the steps do not divide the chain: its text changed after "
            + "SegmentSteps. Segment the text that is to be pruned.");

    private sealed record Chain(
        PruningRow Row, ReasoningStep[] Steps, int?[] Groups, int[] Candidates, string? Answer, StepScoringRequest Request);
}
