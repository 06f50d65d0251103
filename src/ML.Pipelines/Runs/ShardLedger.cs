using ML.Pipelines.Data;

namespace ML.Pipelines.Runs;

/// <summary>Who left a shard and why. Keyed by source row, so a second pass over the same rows counts nothing twice.</summary>
internal sealed class ShardLedger : IRejectSink
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, QuarantinedRow> _quarantined = [];
    private readonly SortedDictionary<ulong, string> _dropped = [];
    private bool _open;

    /// <summary>Called for each row that leaves, for progress.</summary>
    public Action<ulong>? Left { get; set; }

    /// <summary>The quarantined rows in source order.</summary>
    public IReadOnlyCollection<QuarantinedRow> Quarantined => _quarantined.Values;

    /// <summary>The dropped rows by reason.</summary>
    public SortedDictionary<string, long> Dropped =>
        new(_dropped.Values.GroupBy(reason => reason, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.LongCount()), StringComparer.Ordinal);

    /// <summary>Forgets the last shard; rows that leave before the first call (in Fit) are reported again by the shard's own pass.</summary>
    public void Begin()
    {
        _quarantined.Clear();
        _dropped.Clear();
        _open = true;
    }

    void IRejectSink.Dropped(RejectedRow row, string reason)
    {
        lock (_lock)
            if (_open && _dropped.TryAdd(row.Source.Low, reason)) Left?.Invoke(row.Source.Low);
    }

    void IRejectSink.Quarantined(RejectedRow row, RowError error)
    {
        lock (_lock)
            if (_open && _quarantined.TryAdd(row.Source.Low, new QuarantinedRow(row, error))) Left?.Invoke(row.Source.Low);
    }

    /// <summary>Fills in the raw rows, where a stage had none, from the source.</summary>
    public void AddRawRows(RecordDataView shard)
    {
        if (_quarantined.Values.All(row => row.Row.Raw is not null)) return;
        using var cursor = shard.GetRowCursor(shard.Schema);
        var (json, getId) = (RowJson.Writer(cursor), cursor.GetIdGetter());
        Microsoft.ML.Data.DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getId(ref id);
            if (_quarantined.TryGetValue(id.Low, out var row) && row.Row.Raw is null)
                _quarantined[id.Low] = row with { Row = row.Row with { Raw = json() } };
        }
    }
}
