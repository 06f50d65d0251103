using ML.Pipelines.Parquet.DuckDB;

namespace ML.Pipelines.Parquet;

/// <summary>The engines of this build. Parquet.Net is the default where the build has it, DuckDB elsewhere.</summary>
public static partial class ParquetEngines
{
    private static readonly IParquetEngine[] Engines = Create();

    /// <summary>All engines, the default first.</summary>
    public static IReadOnlyList<IParquetEngine> All => Engines;

    /// <summary>The engine used where none is named.</summary>
    public static IParquetEngine Default => Engines[0];

    /// <summary>The engine of a name, case-insensitive.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: no such engine in this build.</exception>
    public static IParquetEngine Named(string name) =>
        System.Array.Find(Engines, engine => engine.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new PipelineException(ErrorCode.Configuration,
            $"There is no Parquet engine '{name}'. Choose one of: {string.Join(", ", Engines.Select(engine => engine.Name))}.");

    private static IParquetEngine[] Create()
    {
        List<IParquetEngine> engines = [new DuckDBEngine()];
        AddParquetNet(engines);
        return [.. engines];
    }

    // Without the folder ParquetNet the call compiles to nothing.
    static partial void AddParquetNet(List<IParquetEngine> engines);
}
