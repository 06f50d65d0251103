namespace ML.Pipelines.Runs;

/// <summary>Is told how far a run is; called after every row, so it must be cheap.</summary>
public interface IRunProgress
{
    /// <summary>The run is this far.</summary>
    void Report(RunProgressSnapshot snapshot);
}

/// <summary>How far a run is.</summary>
/// <param name="RowsDone">Rows kept, dropped or quarantined.</param>
/// <param name="RowsTotal">Rows of the plan.</param>
/// <param name="TokensScored">Tokens the models have read so far.</param>
/// <param name="ShardsDone">Sealed shards.</param>
/// <param name="ShardsTotal">Shards of the plan.</param>
/// <param name="Learning">Whether a stage is learning from the rows before the first shard begins.</param>
public readonly record struct RunProgressSnapshot(
    long RowsDone, long RowsTotal, long TokensScored, int ShardsDone, int ShardsTotal, bool Learning = false);
