using ML.Pipelines.Pruning;

namespace ML.Pipelines.Runs;

/// <summary>The scores of an earlier run, read from its evidence: no model is needed to prune at another ratio.</summary>
public sealed class EvidenceStepScorer : IStepScorer
{
    private readonly ILookup<string, StepEvidence> _evidence;
    private readonly ILookup<string, RowError> _errors;

    private EvidenceStepScorer(ILookup<string, StepEvidence> evidence, ILookup<string, RowError> errors) =>
        (_evidence, _errors) = (evidence, errors);

    /// <summary>Reads a run's evidence, and the rows that could not be scored.</summary>
    /// <param name="folder">The run's output folder.</param>
    /// <param name="format">The format of its shards.</param>
    /// <exception cref="PipelineException">The run has no evidence.</exception>
    public static EvidenceStepScorer Load(RunFolder folder, IShardFormat format)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(format);
        var evidence = StepEvidence.Load(folder, format).ToLookup(row => row.TraceId, StringComparer.Ordinal);
        var quarantine = folder.Files("quarantine", format.Extension);
        var errors = (quarantine.Count == 0 ? [] : QuarantinedRow.ReadBack(format.Read(quarantine)))
            .Where(row => row.Row.Stage == PruningStage.StageName).ToLookup(row => row.Row.RowId, row => row.Error, StringComparer.Ordinal);
        return new(evidence, errors);
    }

    /// <inheritdoc/>
    /// <exception cref="PipelineException"><see cref="ErrorCode.EvidenceMismatch"/>: the evidence is of other steps or another method;
    /// <see cref="ErrorCode.DuplicateId"/>: it is of several rows.</exception>
    public ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var rows = _evidence[request.RowId].ToArray();
        var errors = _errors[request.RowId].ToArray();
        if (errors.Length + rows.Count(row => row.Index == 0) > 1) throw Ambiguous(request);
        return new(errors.Length > 0 ? StepScores.Failed(errors[0]) : Scores(request, rows));
    }

    private static StepScores Scores(StepScoringRequest request, StepEvidence[] rows)
    {
        if (rows.Length == 0 && request.Steps.Count > 0) throw Mismatch(request, "it has no evidence");
        if (!rows.Select(row => row.Step.Span).SequenceEqual(request.Steps)) throw Mismatch(request, "its steps have other spans");
        var truncated = rows.TakeWhile((row, i) => i < request.ContextSteps).Where(row => row.Step.Note == PruningStage.Truncated)
            .Select(row => row.Index + 1).LastOrDefault();
        var unscored = request.Candidates.FirstOrDefault(step => step >= truncated && rows[step].Step.Importance is null, -1);
        if (unscored >= 0) throw Mismatch(request, $"step {unscored} was not scored by that run's method");
        var candidates = request.Candidates.ToHashSet();
        return new([.. rows.Select(row => row.Step.Tokens ?? 0)],
            [.. rows.Select(row => candidates.Contains(row.Index) ? row.Step.Importance : null)], truncated);
    }

    // Which of them a request means is open: rows are scored in any order.
    private static PipelineException Ambiguous(StepScoringRequest request) => new(ErrorCode.DuplicateId,
        $"Row {request.RowId}: several rows of the earlier run have this id, so its evidence cannot be told apart. Give each row an id "
            + "of its own and score again.");

    private static PipelineException Mismatch(StepScoringRequest request, string what) => new(ErrorCode.EvidenceMismatch,
        $"Row {request.RowId}: {what}. The evidence must come from the same input, segmentation and method; only ratio and scope may "
            + "change.");
}
