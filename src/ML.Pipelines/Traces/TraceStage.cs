using Microsoft.ML.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Traces;

/// <summary>Maps rows to traces; rows without question or reasoning, and rows that repeat an id, go to quarantine.</summary>
internal sealed class TraceStage(DuplicateIds duplicates) : IStage<TraceRow, ReasoningTrace>
{
    public string Name => "adapt-traces";

    public ValueTask<IReadOnlyList<StageOutcome<ReasoningTrace>>> ProcessAsync(
        IReadOnlyList<TraceRow> rows, CancellationToken cancellationToken) =>
        new([.. rows.Select(Adapt)]);

    private StageOutcome<ReasoningTrace> Adapt(TraceRow row) => Fault(row) is { } fault
        ? StageOutcome<ReasoningTrace>.Quarantined(fault)
        : StageOutcome<ReasoningTrace>.Kept(row.Trace);

    private RowError? Fault(TraceRow row)
    {
        var trace = row.Trace;
        if (trace.Question.Length == 0) return Empty(ErrorCode.EmptyQuestion, TraceColumns.Question);
        if (trace.Reasoning.Length == 0) return Empty(ErrorCode.EmptyReasoning, TraceColumns.Reasoning);
        return duplicates.FirstOf(trace.Id, row.Row) is { } first ? Duplicate(trace.Id, first) : null;
    }

    private static RowError Empty(string code, string field) => new(code,
        $"The row's {field} is empty or blank. Fill it in, or name another column in Map[\"{field}\"].");

    private static RowError Duplicate(string id, DataViewRowId first) => new(ErrorCode.DuplicateId,
        $"Id '{id}' is already that of row {RowParts.TextOf(first)} (counted from 0), which stays. Make ids unique, or remove the copy.");
}
