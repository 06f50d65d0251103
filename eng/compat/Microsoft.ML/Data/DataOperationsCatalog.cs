using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class DataOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal DataOperationsCatalog(IHostEnvironment env) => _env = env;

    IHostEnvironment IInternalCatalog.Environment => _env;

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class => new EnumerableDataView<TRow>(Check.NotNull(data, nameof(data)), schemaDefinition);

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        Check.NotNull(data, nameof(data));
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (var column in Check.NotNull(schema, nameof(schema)))
        {
            var member = definition[column.Name];
            Check.State(member is not null, $"Type should contain a member named {column.Name}");
            member.ColumnType = column.Type;
            member.AddAnnotations(column.Annotations);
        }

        return new EnumerableDataView<TRow>(data, definition);
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        var filler = new RowFiller<TRow>(Check.NotNull(data, nameof(data)).Schema, schemaDefinition, ignoreMissingColumns);
        return Rows(data, filler, reuseRowObject);
    }

    public IDataView FilterRowsByColumn(
        IDataView input, string columnName, double lowerBound = double.NegativeInfinity, double upperBound = double.PositiveInfinity)
    {
        Check.NotNull(input, nameof(input));
        Check.NonEmpty(columnName, nameof(columnName));
        Check.Param(lowerBound < upperBound, nameof(upperBound), "Must be less than lowerBound");
        var column = input.Schema[columnName];
        Check.Param(column.Type is NumberDataViewType, nameof(columnName),
            $"Schema mismatch for filter column '{columnName}': expected number, got {column.Type}");
        Check.Param(column.Type == NumberDataViewType.Single || column.Type == NumberDataViewType.Double, "Column",
            $"Column '{columnName}' does not have compatible type");
        return RowSelections.InRange(input, column, lowerBound, upperBound);
    }

    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
        => new CacheDataView(Check.NotNull(input, nameof(input)), columnsToPrefetch ?? []);

    public IDataView TakeRows(IDataView input, long count)
    {
        Check.NotNull(input, nameof(input));
        Check.Param(count > 0, nameof(count), "Must be greater than zero.");
        return RowSelections.Take(input, count);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        Check.NotNull(input, nameof(input));
        Check.Param(count > 0, nameof(count), "Must be greater than zero.");
        return RowSelections.Skip(input, count);
    }

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        Check.NotNull(input, nameof(input));
        Check.Param(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffledDataView(input, seed ?? NewSeed());
    }

    /// <summary>Splits by a seeded hash of the row's position. A sampling key is not supported here.</summary>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        Check.NotNull(data, nameof(data));
        Check.Param(testFraction is > 0 and < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        if (samplingKeyColumnName is not null) throw new NotSupportedException("The stand-in for Microsoft.ML has no sampling keys.");
        var split = seed ?? NewSeed();
        return new TrainTestData(
            RowSelections.Part(data, testFraction, split, complement: true),
            RowSelections.Part(data, testFraction, split, complement: false));
    }

    private static IEnumerable<TRow> Rows<TRow>(IDataView data, RowFiller<TRow> filler, bool reuse)
        where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(filler.Columns);
        var fill = filler.Open(cursor);
        var row = reuse ? new TRow() : null;
        while (cursor.MoveNext())
        {
            if (!reuse) row = new TRow();
            fill(row);
            yield return row;
        }
    }

    private int NewSeed() => _env.Register(nameof(DataOperationsCatalog)).Rand.Next();

    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet) => (TrainSet, TestSet) = (trainSet, testSet);
    }
}
