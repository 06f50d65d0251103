using ML.Pipelines.Stages;
using ML.Pipelines.Text;

namespace ML.Pipelines.Rewriting;

/// <summary>Takes shorter chains from a source, checks each, asks again with what was wrong, and falls back.</summary>
/// <param name="source">Where chains come from.</param>
/// <param name="options">Gates and policies.</param>
/// <param name="rates">The shares of words to go; a single null: none is asked for.</param>
/// <param name="layout">Whether each rate makes a row, or all are columns of one.</param>
/// <param name="tools">Counts tokens, and where options need it scores answers and prunes.</param>
internal sealed class ShorteningStage(
    IChainSource source, ShorteningOptions options, IReadOnlyList<double?> rates, RateLayout layout, ChainTools tools)
    : IStage<ChainRow, ShortenedRow>
{
    public const string CutOff = "cut-off";

    private readonly ChainGate _gate = new(options, source.Prompt);

    public string Name => source.Name;

    public async ValueTask<IReadOnlyList<StageOutcome<ShortenedRow>>> ProcessAsync(IReadOnlyList<ChainRow> rows, CancellationToken cancellationToken)
    {
        var outcomes = new StageOutcome<ShortenedRow>[rows.Count];
        for (var i = 0; i < rows.Count; i++) outcomes[i] = await ProcessAsync(rows[i], cancellationToken).ConfigureAwait(false);
        return outcomes;
    }

    private async ValueTask<StageOutcome<ShortenedRow>> ProcessAsync(ChainRow row, CancellationToken cancellationToken)
    {
        if (!row.Complete) return StageOutcome<ShortenedRow>.Dropped(CutOff);
        if (AnswerOf(row) is not { } answer) return StageOutcome<ShortenedRow>.Dropped(ChainGate.NoAnswer);
        var (trials, attempts) = (new List<Trial>(), new List<AttemptEvidence>());
        foreach (var rate in rates)
        {
            var (trial, error) = await TryAsync(row, answer, rate, attempts, cancellationToken).ConfigureAwait(false);
            if (error is not null) return StageOutcome<ShortenedRow>.Quarantined(error).With(attempts);
            trials.Add(trial!);
        }
        var (made, fault) = layout == RateLayout.Columns
            ? (Columns(row, answer, trials), null)
            : await RowsAsync(row, answer, trials, cancellationToken).ConfigureAwait(false);
        if (fault is not null) return StageOutcome<ShortenedRow>.Quarantined(fault).With(attempts);
        return (made.Count > 0 ? StageOutcome<ShortenedRow>.Kept(made) : StageOutcome<ShortenedRow>.Dropped(trials[^1].Last.Verdict)).With(attempts);
    }

    // The gold answer; without one, what the row states itself.
    private static string? AnswerOf(ChainRow row) => !string.IsNullOrWhiteSpace(row.Answer) ? row.Answer
        : (string.IsNullOrWhiteSpace(row.Solution) ? null : AnswerExtractor.Extract(row.Solution)) ?? AnswerExtractor.Extract(row.Reasoning);

    private async ValueTask<(Trial? Trial, RowError? Error)> TryAsync(
        ChainRow row, string answer, double? rate, List<AttemptEvidence> attempts, CancellationToken cancellationToken)
    {
        var before = tools.CountTokens(row.Reasoning);
        var failed = new List<FailedChain>();
        while (true)
        {
            var reply = await source.NextAsync(row, answer, rate, failed, cancellationToken).ConfigureAwait(false);
            if (reply.Error is { } error) return (null, error with { Attempts = failed.Count + 1 });
            var (evidence, feedback) = await JudgeAsync(row, answer, rate, before, failed.Count + 1, reply, cancellationToken).ConfigureAwait(false);
            attempts.Add(evidence);
            if (feedback is null) return (new(reply.Chain, evidence), null);
            failed.Add(new(reply.Text, feedback));
            if (failed.Count == source.MostAttempts) return (new(null, evidence), null);
        }
    }

    private async ValueTask<(AttemptEvidence Evidence, string? Feedback)> JudgeAsync(
        ChainRow row, string answer, double? rate, int before, int attempt, ChainReply reply, CancellationToken cancellationToken)
    {
        var evidence = new AttemptEvidence(row.Id, source.Name, attempt, AttemptEvidence.Passed, Rate: rate, TokensBefore: before);
        if (reply.Fault is { } form) return (evidence with { Verdict = form.Verdict }, form.Feedback);
        var chain = reply.Chain!;
        var after = tools.CountTokens(chain.Reasoning);
        evidence = evidence with
        {
            Difficulty = chain.Difficulty,
            AchievedRate = WordsGone(row.Reasoning, chain.Reasoning),
            TokensAfter = after,
            Answer = ChainGate.Answer(row, answer, chain).Stated,
            NumbersKept = ChainGate.NumbersKept(row, chain.Reasoning + "\n" + chain.Solution),
        };
        if (_gate.Check(row, answer, chain, before, after) is { } failed) return (evidence with { Verdict = failed.Verdict }, failed.Feedback);
        if (options.MaxAnswerLossIncrease is not { } most) return (evidence, null);
        var (increase, unscored) = await tools.AnswerLossIncreaseAsync(row, chain, answer, cancellationToken).ConfigureAwait(false);
        evidence = evidence with { AnswerLossIncrease = increase };
        if (increase <= most) return (evidence, null);
        return (evidence with { Verdict = unscored?.Code ?? ChainGate.AnswerLessLikely }, "The answer does not follow from it: a deduction is missing.");
    }

    private async ValueTask<(IReadOnlyList<ShortenedRow> Made, RowError? Error)> RowsAsync(
        ChainRow row, string answer, List<Trial> trials, CancellationToken cancellationToken)
    {
        var made = new List<ShortenedRow>();
        foreach (var trial in trials)
        {
            if (trial.Chain is { } chain)
            {
                made.Add(Row(row, answer, trial.Last) with { Chain = chain, Outcome = ChainOutcome.Shortened, TokensAfter = trial.Last.TokensAfter!.Value });
                continue;
            }
            if (!KeepsOwn(row)) continue;
            var original = Row(row, answer, trial.Last);
            var (pruned, error) = options.Fallback == ShorteningFallback.Prune
                ? await tools.PruneAsync(row, answer, cancellationToken).ConfigureAwait(false) : (null, null);
            if (error is not null) return ([], error);
            made.Add(pruned is null ? original
                : original with { Chain = new(pruned, row.Solution), Outcome = ChainOutcome.Pruned, TokensAfter = tools.CountTokens(pruned) });
        }
        return (made, null);
    }

    private ShortenedRow[] Columns(ChainRow row, string answer, List<Trial> trials)
    {
        var passed = trials.Any(trial => trial.Chain is not null);
        if (!passed && !KeepsOwn(row)) return [];
        return
        [
            Row(row, answer, trials[^1].Last) with
            {
                Outcome = passed ? ChainOutcome.Shortened : ChainOutcome.Original,
                Attempts = trials.Sum(trial => trial.Last.Attempt),
                Shorter = [.. trials.Select(trial => trial.Chain?.Reasoning)],
            },
        ];
    }

    private bool KeepsOwn(ChainRow row) => options.Fallback != ShorteningFallback.Drop && row.Reasoning.Length > 0;

    private static ShortenedRow Row(ChainRow row, string answer, AttemptEvidence last) => new(
        new(row.Reasoning, row.Solution), row.Answer ?? answer, ChainOutcome.Original, last.Rate, last.Attempt, last.TokensBefore, last.TokensBefore);

    private static double? WordsGone(string before, string after) =>
        Words.Count(before) is > 0 and var words ? 1 - ((double)Words.Count(after) / words) : null;

    /// <summary>What a rate came to.</summary>
    /// <param name="Chain">The chain that passed; null: none did.</param>
    /// <param name="Last">The last attempt.</param>
    private sealed record Trial(ShortChain? Chain, AttemptEvidence Last);
}
