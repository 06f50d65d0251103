using System.Collections.Concurrent;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Pruning;

/// <summary>Remembers which rows left and why.</summary>
internal sealed class RecordingSink : IRejectSink
{
    private readonly ConcurrentQueue<string> _left = new();

    /// <summary>Each row that left: stage, id, reason or code.</summary>
    public IReadOnlyList<string> Left => [.. _left];

    public void Dropped(RejectedRow row, string reason) => _left.Enqueue($"{row.Stage} {row.RowId} {reason}");

    public void Quarantined(RejectedRow row, RowError error) => _left.Enqueue($"{row.Stage} {row.RowId} {error.Code}");
}
