using System.Text.Json;
using ML.Pipelines.Models;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Journals;

namespace ML.Pipelines.Compression;

/// <summary>Keeps scores in a journal: a chain is scored once, also over rates, and over processes that were killed.</summary>
/// <param name="inner">Scores what the journal does not hold.</param>
/// <param name="journal">The journal, for example <see cref="Runs.PipelineRun.Journal"/>.</param>
/// <param name="model">The model; its fingerprint identifies it.</param>
/// <param name="stage">The stage that asks.</param>
/// <remarks>Errors are not kept: they cost nothing.</remarks>
public sealed class JournalingWordScorer(
    IWordScorer inner, IReplyJournal journal, ScorerInfo model, string stage = SelfInformationCompressionStage.StageName) : IWordScorer
{
    /// <inheritdoc/>
    public int CountTokens(string text) => inner.CountTokens(text);

    /// <inheritdoc/>
    public ValueTask<WordScores> ScoreWordsAsync(WordScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return KeptAsync(request.RowId, request.Hash(), scores => (scores.InputTokens, scores.Error),
            token => inner.ScoreWordsAsync(request, token), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<AnswerScore> ScoreAnswerAsync(AnswerScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return KeptAsync(request.RowId, request.Hash(), score => (score.InputTokens, score.Error),
            token => inner.ScoreAnswerAsync(request, token), cancellationToken);
    }

    private async ValueTask<T> KeptAsync<T>(string rowId, string payload, Func<T, (long InputTokens, RowError? Error)> about,
        Func<CancellationToken, ValueTask<T>> score, CancellationToken cancellationToken)
    {
        var key = new JournalKey(rowId, stage, model.Fingerprint, payload);
        if (journal.Find(key) is { } known)
        {
            PipelineTelemetry.JournalHit(stage);
            return JsonSerializer.Deserialize<T>(known.Reply)!;
        }
        using var call = PipelineTelemetry.StartCall("score", model);
        var scores = await score(cancellationToken).ConfigureAwait(false);
        var (tokens, error) = about(scores);
        call.Answered(tokens, 0, error?.Code);
        if (error is null) journal.Add(key, new JournalReply(JsonSerializer.Serialize(scores), tokens, 0, null));
        return scores;
    }
}
