using System.Text.Json;
using ML.Pipelines.Models;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Journals;

namespace ML.Pipelines.Pruning;

/// <summary>Keeps scores in a journal: a row is scored once, also over processes that were killed.</summary>
/// <param name="inner">Scores what the journal does not hold.</param>
/// <param name="journal">The journal, for example <see cref="Runs.PipelineRun.Journal"/>.</param>
/// <param name="model">The model; its fingerprint identifies it.</param>
/// <param name="stage">The stage that asks.</param>
/// <remarks>Requests that no model answers (no candidate, an error) are not kept: they cost nothing.</remarks>
public sealed class JournalingStepScorer(IStepScorer inner, IReplyJournal journal, ScorerInfo model, string stage = PruningStage.StageName) : IStepScorer
{
    /// <inheritdoc/>
    public async ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Answer is null || request.Candidates.Count == 0) return await inner.ScoreAsync(request, cancellationToken).ConfigureAwait(false);
        var key = new JournalKey(request.RowId, stage, model.Fingerprint, request.Hash());
        if (journal.Find(key) is { } known)
        {
            PipelineTelemetry.JournalHit(stage);
            return JsonSerializer.Deserialize<StepScores>(known.Reply)!;
        }
        using var call = PipelineTelemetry.StartCall("score", model);
        var scores = await inner.ScoreAsync(request, cancellationToken).ConfigureAwait(false);
        call.Answered(scores.InputTokens, 0, scores.Error?.Code);
        if (scores.Error is null) journal.Add(key, new JournalReply(JsonSerializer.Serialize(scores), scores.InputTokens, 0, null));
        return scores;
    }
}
