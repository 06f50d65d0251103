namespace ML.Pipelines.Runs;

/// <summary>How far a slice is, and what became of its rows so far.</summary>
internal sealed class SliceProgress
{
    private readonly Action<long, long, int, int> _report;
    private readonly long _rows;
    private long _sealedRows;
    private long _rowsDone;
    private int _shardsDone;

    /// <param name="plan">The plan.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="report">Is told rows done, rows, shards done, shards.</param>
    public SliceProgress(RunPlan plan, RunSlice slice, Action<long, long, int, int> report)
    {
        Shards = [.. plan.Shards.Where((_, index) => slice.Holds(index))];
        _rows = Shards.Sum(shard => shard.Rows);
        _report = report;
    }

    /// <summary>The slice's shards in order.</summary>
    public IReadOnlyList<PlanShard> Shards { get; }

    /// <summary>The totals of the shards that are done.</summary>
    public RunTotals Sum { get; private set; } = RunTotals.Zero;

    /// <summary>A row of the shard in work is done.</summary>
    public void Advance() => Report(Interlocked.Increment(ref _rowsDone));

    /// <summary>A shard is done.</summary>
    public void Add(RunTotals shard)
    {
        Sum = Sum.Add(shard);
        _shardsDone++;
        _sealedRows += shard.RowsIn;
        _rowsDone = _sealedRows;
        if (_shardsDone == Shards.Count) Report(_rowsDone);
    }

    private void Report(long rowsDone) => _report(rowsDone, _rows, _shardsDone, Shards.Count);
}
