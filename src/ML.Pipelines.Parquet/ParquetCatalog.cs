using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Parquet;

/// <summary>Parquet files in and out of ML.NET's data catalog.</summary>
public static class ParquetCatalog
{
    /// <summary>Loads Parquet files as one data view; rows are read when a cursor asks for them.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="path">A file, or a glob with <c>*</c> and <c>**</c> whose matches are taken in ordinal order.</param>
    /// <param name="options">Which columns and engine; null takes all columns and the default engine.</param>
    /// <returns>A view whose nullable columns have null flags beside them: see <see cref="Nulls"/>.</returns>
    /// <inheritdoc cref="ParquetRecordSource.Open(IReadOnlyList{string}, ParquetReadOptions?)" path="/exception"/>
    public static RecordDataView LoadFromParquet(this DataOperationsCatalog catalog, string path, ParquetReadOptions? options = null) =>
        LoadFromParquet(catalog, [path], options);

    /// <summary>Loads the Parquet files of several paths or globs as one data view.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="paths">Files or globs; each one's matches follow those of the one before, no file twice.</param>
    /// <param name="options">Which columns and engine; null takes all columns and the default engine.</param>
    /// <returns>A view whose nullable columns have null flags beside them: see <see cref="Nulls"/>.</returns>
    /// <inheritdoc cref="ParquetRecordSource.Open(IReadOnlyList{string}, ParquetReadOptions?)" path="/exception"/>
    public static RecordDataView LoadFromParquet(
        this DataOperationsCatalog catalog, IEnumerable<string> paths, ParquetReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(ParquetRecordSource.Open(InputFiles.Expand(paths), options));
    }

    /// <summary>
    /// Saves a data view as one Parquet file: the visible columns, with nulls where their flags say so. Text becomes UTF-8, timestamps
    /// microseconds, vectors lists.
    /// </summary>
    /// <param name="catalog">The catalog, <c>mlContext.Data</c>.</param>
    /// <param name="data">The rows, read in one pass.</param>
    /// <param name="path">The file. It appears, or replaces an existing one, only once it is whole and on disk.</param>
    /// <param name="options">Row groups, compression, footer and engine; null takes the defaults.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.UnsupportedType"/>: a column cannot be written, keys among them;
    /// <see cref="ErrorCode.Output"/>: the file cannot.</exception>
    public static void SaveAsParquet(this DataOperationsCatalog catalog, IDataView data, string path, ParquetWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(path);
        options ??= new();
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            new ParquetShardFormat(options.Engine, options).Write(data, temporary, options.Footer);
            ParquetFiles.Replace(temporary, path);
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }
}
