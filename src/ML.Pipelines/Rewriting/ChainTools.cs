using System.Globalization;
using ML.Pipelines.Compression;
using ML.Pipelines.Models;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Text;

namespace ML.Pipelines.Rewriting;

/// <summary>What checking and falling back need beside the teacher.</summary>
/// <remarks>With a scorer, tokens are the scorer's, and the gate on the answer's likelihood and the fallback to pruning are there.</remarks>
public sealed class ChainTools
{
    private const string GateStage = "answer-gate";

    private readonly ILanguageScorer? _scorer;
    private readonly IReplyJournal? _journal;
    private readonly PruningOptions _pruning;
    private readonly PruningStage? _pruner;
    private readonly StepSegmenter _segmenter = new();

    /// <summary>Without a model: tokens are the words between white space.</summary>
    public ChainTools() => _pruning = new();

    /// <summary>With a model.</summary>
    /// <param name="scorer">Counts tokens and scores; stays the caller's to dispose of.</param>
    /// <param name="journal">Keeps scores; null: they are not kept.</param>
    /// <param name="pruning">How the fallback prunes, and the context that answers are scored in; null for the defaults.</param>
    public ChainTools(ILanguageScorer scorer, IReplyJournal? journal = null, PruningOptions? pruning = null)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        (_scorer, _journal, _pruning) = (scorer, journal, pruning ?? new());
        _pruning.Validate();
        IStepScorer steps = new LanguageStepScorer(scorer, _pruning.Overflow);
        _pruner = new(journal is null ? steps : new JournalingStepScorer(steps, journal, scorer.Info), new MarkerStepClassifier(), _pruning, null);
    }

    /// <summary>Whether there is a model.</summary>
    internal bool HasScorer => _scorer is not null;

    internal int CountTokens(string text) => _scorer?.CountTokens(text) ?? Words.Count(text);

    /// <summary>By how many nats per answer token the answer is less likely after a chain than after the row's own.</summary>
    /// <returns>The increase, or why it is not known.</returns>
    internal async ValueTask<(double? Increase, RowError? Error)> AnswerLossIncreaseAsync(
        ChainRow row, ShortChain chain, string answer, CancellationToken cancellationToken)
    {
        var (before, fault) = await AnswerLossAsync(row, row.Reasoning, answer, cancellationToken).ConfigureAwait(false);
        if (fault is not null) return (null, fault);
        var (after, other) = await AnswerLossAsync(row, chain.Reasoning, answer, cancellationToken).ConfigureAwait(false);
        return other is not null ? (null, other) : (after - before, null);
    }

    /// <summary>The row's chain without its least important steps.</summary>
    internal async ValueTask<(string? Reasoning, RowError? Error)> PruneAsync(ChainRow row, string answer, CancellationToken cancellationToken)
    {
        var spans = _segmenter.Segment(row.Reasoning);
        var input = new PruningRow(row.Id, row.Question, row.Reasoning, answer, row.Solution, row.Complete,
            [.. spans.Select(span => new ReasoningStep(span.Start, span.End))]);
        var outcome = (await _pruner!.ProcessAsync([input], cancellationToken).ConfigureAwait(false))[0];
        // What pruning would drop stays as it is: that it goes on was decided before.
        return outcome.Error is { } error ? (null, error) : (outcome.Rows.Count > 0 ? outcome.Rows[0].Reasoning : row.Reasoning, null);
    }

    private async ValueTask<(double Loss, RowError? Error)> AnswerLossAsync(ChainRow row, string reasoning, string answer, CancellationToken cancellationToken)
    {
        var prefix = _pruning.Prefix.Replace("{question}", row.Question, StringComparison.Ordinal);
        var request = new AnswerScoringRequest(row.Id, prefix, BeforeAnswer(reasoning, answer), _pruning.Bridge, answer);
        var key = new JournalKey(row.Id, GateStage, _scorer!.Info.Fingerprint, request.Hash());
        if (_journal?.Find(key) is { } known) return (double.Parse(known.Reply, CultureInfo.InvariantCulture), null);
        var score = await LanguageWordScorer.ScoreAnswerAsync(_scorer, request, cancellationToken).ConfigureAwait(false);
        if (score.Error is { } error) return (0, error);
        _journal?.Add(key, new JournalReply(score.Loss.ToString("R", CultureInfo.InvariantCulture), score.InputTokens, 0, null));
        return (score.Loss, null);
    }

    // Behind its own statement every answer is likely: what counts is how likely it is where the chain first comes to it.
    private static string BeforeAnswer(string reasoning, string answer) =>
        AnswerOccurrence.FirstIn(reasoning, answer) is >= 0 and var place ? reasoning[..place] : reasoning;
}
