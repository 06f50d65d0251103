using System.Collections.Concurrent;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data;

/// <summary>Remembers what leaves.</summary>
internal sealed class RecordingRejectSink : IRejectSink
{
    private readonly ConcurrentQueue<(RejectedRow Row, string Reason)> _dropped = new();
    private readonly ConcurrentQueue<(RejectedRow Row, RowError Error)> _quarantined = new();

    public IReadOnlyList<(RejectedRow Row, string Reason)> DroppedRows => [.. _dropped];

    public IReadOnlyList<(RejectedRow Row, RowError Error)> QuarantinedRows => [.. _quarantined];

    public IEnumerable<string> Codes => _quarantined.Select(entry => entry.Error.Code);

    public void Dropped(RejectedRow row, string reason) => _dropped.Enqueue((row, reason));

    public void Quarantined(RejectedRow row, RowError error) => _quarantined.Enqueue((row, error));

    public void Clear()
    {
        _dropped.Clear();
        _quarantined.Clear();
    }
}
