using ML.Pipelines.Pruning;

namespace ML.Pipelines.Runs;

/// <summary>The scores of an earlier run, read from its evidence: no model is needed to prune at another ratio.</summary>
public sealed class EvidenceStepScorer : IStepScorer
{
    private readonly Dictionary<string, StepEvidence[]> _evidence;
    private readonly Dictionary<string, RowError> _errors;

    private EvidenceStepScorer(Dictionary<string, StepEvidence[]> evidence, Dictionary<string, RowError> errors) =>
        (_evidence, _errors) = (evidence, errors);

    /// <summary>Reads a run's evidence, and the rows that could not be scored.</summary>
    /// <param name="folder">The run's output folder.</param>
    /// <param name="format">The format of its shards.</param>
    /// <exception cref="PipelineException">The run has no evidence.</exception>
    public static EvidenceStepScorer Load(RunFolder folder, IShardFormat format)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(format);
        var files = folder.Files("evidence", format.Extension);
        if (files.Count == 0) throw new PipelineException(ErrorCode.EvidenceMismatch, $"'{folder.Path}' holds no evidence of a pruning run.");
        var evidence = StepEvidence.ReadBack(format.Read(files)).GroupBy(row => row.TraceId, StringComparer.Ordinal)
            .ToDictionary(rows => rows.Key, rows => rows.ToArray(), StringComparer.Ordinal);
        var quarantine = folder.Files("quarantine", format.Extension);
        var errors = quarantine.Count == 0 ? [] : QuarantinedRow.ReadBack(format.Read(quarantine)).Where(row => row.Row.Stage == "prune")
            .ToDictionary(row => row.Row.RowId, row => row.Error, StringComparer.Ordinal);
        return new(evidence, errors);
    }

    /// <inheritdoc/>
    public ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new(_errors.TryGetValue(request.RowId, out var error) ? StepScores.Failed(error) : Scores(request));
    }

    private StepScores Scores(StepScoringRequest request)
    {
        if (!_evidence.TryGetValue(request.RowId, out var rows)) throw Mismatch(request, "it has no evidence");
        if (!rows.Select(row => row.Step.Span).SequenceEqual(request.Steps)) throw Mismatch(request, "its steps have other spans");
        var truncated = rows.TakeWhile((row, i) => i < request.ContextSteps).Where(row => row.Step.Note == PruningStage.Truncated)
            .Select(row => row.Index + 1).LastOrDefault();
        var unscored = request.Candidates.FirstOrDefault(step => step >= truncated && rows[step].Step.Importance is null, -1);
        if (unscored >= 0) throw Mismatch(request, $"step {unscored} was not scored by that run's method");
        var candidates = request.Candidates.ToHashSet();
        return new([.. rows.Select(row => row.Step.Tokens ?? 0)],
            [.. rows.Select(row => candidates.Contains(row.Index) ? row.Step.Importance : null)], truncated);
    }

    private static PipelineException Mismatch(StepScoringRequest request, string what) => new(ErrorCode.EvidenceMismatch,
        $"Row {request.RowId}: {what}. The evidence must come from the same input, segmentation and method; only ratio and scope may change.");
}
