namespace ML.Pipelines.Parquet.Tests;

/// <summary>The engines of this build as rows of data-driven tests.</summary>
internal static class Engines
{
    public static IEnumerable<object[]> Each => ParquetEngines.All.Select(engine => new object[] { engine.Name });

    public static IEnumerable<object[]> Pairs =>
        from writer in ParquetEngines.All from reader in ParquetEngines.All select new object[] { writer.Name, reader.Name };
}
