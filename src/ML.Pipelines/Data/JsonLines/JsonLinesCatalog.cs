using Microsoft.ML;

namespace ML.Pipelines.Data;

/// <summary>JSON Lines as ML.NET data.</summary>
public static class JsonLinesCatalog
{
    /// <summary>Loads JSON Lines files. Rows stream; the files are read once at once for their types.</summary>
    /// <param name="catalog"><c>mlContext.Data</c>.</param>
    /// <param name="path">A path or a glob such as <c>traces/*.jsonl</c>.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="PipelineException">No such file, a named column is missing, or a column has an unsupported type.</exception>
    public static RecordDataView LoadFromJsonLines(this DataOperationsCatalog catalog, string path, JsonLinesOptions? options = null) =>
        LoadFromJsonLines(catalog, [path], options);

    /// <inheritdoc cref="LoadFromJsonLines(DataOperationsCatalog, string, JsonLinesOptions)"/>
    /// <param name="catalog"><c>mlContext.Data</c>.</param>
    /// <param name="paths">Paths and globs, in order.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    public static RecordDataView LoadFromJsonLines(
        this DataOperationsCatalog catalog, IEnumerable<string> paths, JsonLinesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new RecordDataView(new JsonLinesSource(paths, options));
    }
}
