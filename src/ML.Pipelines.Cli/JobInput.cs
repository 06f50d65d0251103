using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Data;
using ML.Pipelines.Parquet;

namespace ML.Pipelines.Cli;

/// <summary>Opens a job's input files.</summary>
internal static class JobInput
{
    private const string ParquetExtension = ".parquet";

    /// <summary>The files in order.</summary>
    public static IReadOnlyList<string> Files(Job job) => InputFiles.Expand(job.Input.Files);

    /// <summary>The rows of the files.</summary>
    public static RecordDataView Open(Job job, IReadOnlyList<string> files, IRejectSink rejects) =>
        new(IsParquet(job, files) ? OpenParquet(job, files) : OpenJsonLines(job, files, rejects));

    private static bool IsParquet(Job job, IReadOnlyList<string> files)
    {
        if (job.Input.Format != InputFormat.Auto) return job.Input.Format == InputFormat.Parquet;
        var parquet = files.Count(file => file.EndsWith(ParquetExtension, StringComparison.OrdinalIgnoreCase));
        return parquet == 0 || parquet == files.Count ? parquet > 0 : throw new PipelineException(ErrorCode.Configuration,
            $"input.files mixes Parquet and other files ({files[0]}, {files[^1]}, …). Run them apart, or convert them to one format.");
    }

    private static ParquetRecordSource OpenParquet(Job job, IReadOnlyList<string> files) => ParquetRecordSource.Open(files, new()
    {
        Columns = Projection(job),
        LeaveOutUnsupported = job.Input.LeaveOutUnsupported,
        Engine = JobOutput.Engine(job),
    });

    private static JsonLinesSource OpenJsonLines(Job job, IReadOnlyList<string> files, IRejectSink rejects) => new(files, new()
    {
        Columns = Projection(job),
        LeaveOutUnsupported = job.Input.LeaveOutUnsupported,
        MaxRowBytes = job.Input.MaxRowBytes,
        Rejects = rejects,
    });

    private static IReadOnlyList<string>? Projection(Job job) => job.Input.Columns.Count > 0 ? job.Input.Columns : null;
}
