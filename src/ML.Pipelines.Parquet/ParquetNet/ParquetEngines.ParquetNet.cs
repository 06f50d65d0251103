using ML.Pipelines.Parquet.ParquetNet;

namespace ML.Pipelines.Parquet;

public static partial class ParquetEngines
{
    static partial void AddParquetNet(List<IParquetEngine> engines) => engines.Insert(0, new ParquetNetEngine());
}
