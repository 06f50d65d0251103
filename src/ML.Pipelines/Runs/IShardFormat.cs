using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Runs;

/// <summary>The file format of shards.</summary>
public interface IShardFormat
{
    /// <summary>The files' extension with its dot.</summary>
    string Extension { get; }

    /// <summary>Writes all rows of a view to one file, flushed to disk. The same rows give the same bytes.</summary>
    /// <param name="data">The rows; companions of nullable columns become nulls, hidden columns are left out.</param>
    /// <param name="path">The file to create; an existing one is replaced.</param>
    /// <param name="footer">Keys and values for the file's footer.</param>
    /// <param name="cancellationToken">Cancels between batches and leaves an incomplete file behind.</param>
    void Write(IDataView data, string path, IReadOnlyDictionary<string, string> footer, CancellationToken cancellationToken = default);

    /// <summary>Opens a file afresh and reads its footer.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DamagedFile"/>: not a whole file of this format.</exception>
    ShardFooter ReadFooter(string path);

    /// <summary>The rows of several files with the same columns, in the order of the paths.</summary>
    RecordDataView Read(IReadOnlyList<string> paths);
}

/// <summary>What a shard says about itself.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The columns in order.</param>
/// <param name="Entries">The footer's keys and values.</param>
public sealed record ShardFooter(long Rows, IReadOnlyList<RecordColumn> Columns, IReadOnlyDictionary<string, string> Entries);
