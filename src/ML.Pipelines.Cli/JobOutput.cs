using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Parquet;

namespace ML.Pipelines.Cli;

/// <summary>How a job's shards are written.</summary>
internal static class JobOutput
{
    /// <summary>The engine that the job names, or the first that this build has.</summary>
    public static IParquetEngine Engine(Job job) =>
        job.Output.Engine == ShardEngine.Auto ? ParquetEngines.Default : ParquetEngines.Named(job.Output.Choice("engine"));

    /// <summary>The shard format.</summary>
    public static ParquetShardFormat Format(Job job) => new(Engine(job), new() { RowGroupRows = job.Output.RowGroupRows });
}
