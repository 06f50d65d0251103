using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Runs;

/// <summary>What became of a shard's source rows. Keyed by row, so a second pass over the same rows counts nothing twice.</summary>
/// <remarks>
/// A source row that became several is counted once: it is kept if a part of it stays, else quarantined if a part was, with the error of
/// the first such part, else dropped with the reason of its first part. <see cref="RowParts"/> has the order of parts.
/// </remarks>
internal sealed class ShardLedger : IRejectSink
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(ulong Row, ulong Part), Departure> _departed = [];
    private readonly SortedDictionary<(ulong Row, ulong Part), List<AttemptEvidence>> _attempts = [];
    private readonly HashSet<ulong> _kept = [], _settled = [];
    private bool _open;

    /// <summary>Called for each source row once something of it left or stayed, for progress.</summary>
    public Action<ulong>? Settled { get; set; }

    /// <summary>The source rows of which something stayed.</summary>
    public long Kept => _kept.Count;

    /// <summary>The quarantined rows in source order.</summary>
    public IReadOnlyCollection<QuarantinedRow> Quarantined =>
        [.. Gone.Select(row => row.FirstOrDefault(part => part.Error is not null)).OfType<Departure>()
            .Select(part => new QuarantinedRow(part.Row, part.Error!))];

    /// <summary>The dropped rows by reason.</summary>
    public SortedDictionary<string, long> Dropped =>
        Count(Gone.Where(row => row.All(part => part.Error is null)).Select(row => row.First()));

    /// <summary>The parts that left of rows that stayed, by reason or error code.</summary>
    public SortedDictionary<string, long> PartsLost =>
        Count(_departed.Values.Where(part => _kept.Contains(part.Row.Source.Low)));

    /// <summary>What teachers tried, in the order of rows.</summary>
    public IReadOnlyList<AttemptEvidence> Attempts => [.. _attempts.Values.SelectMany(attempts => attempts)];

    // The rows of which nothing stayed, with their parts in order.
    private IEnumerable<IGrouping<ulong, Departure>> Gone =>
        _departed.Values.Where(part => !_kept.Contains(part.Row.Source.Low)).GroupBy(part => part.Row.Source.Low);

    /// <summary>Forgets the last shard; rows that leave before the first call (in Fit) are reported again by the shard's own pass.</summary>
    public void Begin()
    {
        _departed.Clear();
        _attempts.Clear();
        _kept.Clear();
        _settled.Clear();
        _open = true;
    }

    /// <summary>A row is in the output.</summary>
    public void Stayed(DataViewRowId row)
    {
        lock (_lock)
        {
            _kept.Add(row.Low);
            Settle(row.Low);
        }
    }

    /// <summary>A teacher tried something for a row; several stages may have asked for one row.</summary>
    public void Attempted(DataViewRowId row, IReadOnlyList<AttemptEvidence> attempts)
    {
        lock (_lock)
        {
            if (!_open) return;
            if (!_attempts.TryGetValue((row.Low, row.High), out var known)) _attempts.Add((row.Low, row.High), known = []);
            if (known.All(attempt => attempt.Stage != attempts[0].Stage)) known.AddRange(attempts);
        }
    }

    void IRejectSink.Dropped(RejectedRow row, string reason) => Leave(new(row, reason, null));

    void IRejectSink.Quarantined(RejectedRow row, RowError error) => Leave(new(row, error.Code, error));

    /// <summary>Fills in the raw rows, where a stage had none, from the source.</summary>
    public void AddRawRows(RecordDataView shard)
    {
        var lacking = _departed.Where(part => part.Value is { Error: not null, Row.Raw: null })
            .ToLookup(part => part.Key.Row, part => part.Key);
        if (lacking.Count == 0) return;
        using var cursor = shard.GetRowCursor(shard.Schema);
        var (json, getId) = (RowJson.Writer(cursor), cursor.GetIdGetter());
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getId(ref id);
            if (lacking.Contains(id.Low)) AddRaw(lacking[id.Low], json());
        }
    }

    private void AddRaw(IEnumerable<(ulong Row, ulong Part)> parts, string raw)
    {
        foreach (var part in parts) _departed[part] = _departed[part] with { Row = _departed[part].Row with { Raw = raw } };
    }

    private void Leave(Departure part)
    {
        lock (_lock)
            if (_open && _departed.TryAdd((part.Row.Source.Low, part.Row.Source.High), part)) Settle(part.Row.Source.Low);
    }

    private void Settle(ulong row)
    {
        if (_settled.Add(row)) Settled?.Invoke(row);
    }

    private static SortedDictionary<string, long> Count(IEnumerable<Departure> parts) => new(
        parts.GroupBy(part => part.Why, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.LongCount()),
        StringComparer.Ordinal);

    /// <summary>A row, or a part of one, that left.</summary>
    /// <param name="Row">The row and the stage that let it go.</param>
    /// <param name="Why">The reason, or the error's code.</param>
    /// <param name="Error">The error; null where it was dropped.</param>
    private sealed record Departure(RejectedRow Row, string Why, RowError? Error);
}
