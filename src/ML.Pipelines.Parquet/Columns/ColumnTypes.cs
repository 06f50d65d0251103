using Apache.Arrow;
using Apache.Arrow.Types;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Parquet.Columns;

/// <summary>Column types between data views and Arrow.</summary>
internal static class ColumnTypes
{
    /// <summary>The data view type that holds an Arrow type's values, or null where none does.</summary>
    public static DataViewType? ToView(IArrowType type) => type switch
    {
        ListType { ValueDataType: StructType element } => Fields(element) is { } fields ? StructListDataViewType.For(fields) : null,
        ListType list => ScalarType.Of(list.ValueDataType) is { } item ? new VectorDataViewType(item.View) : null,
        StructType structure => Fields(structure) is { } fields ? new StructDataViewType(fields) : null,
        _ => ScalarType.Of(type)?.View,
    };

    /// <summary>The Arrow type that a column is written as, or null where there is none. Key types have none: their numbers mean
    /// nothing without the key values.</summary>
    public static IArrowType? ToArrow(DataViewType type) => type switch
    {
        StructListDataViewType list => ToArrow(list.Fields) is { } element ? List(element) : null,
        StructDataViewType structure => ToArrow(structure.Fields),
        VectorDataViewType vector => ScalarType.Of(vector.ItemType) is { } item ? List(item.Arrow) : null,
        _ => ScalarType.Of(type)?.Arrow,
    };

    /// <summary>What reads a column's values out of Arrow arrays.</summary>
    public static ColumnValues NewColumn(DataViewType view) => view switch
    {
        StructListDataViewType list => new StructListColumnValues(list),
        StructDataViewType structure => new StructColumnValues(structure.Fields),
        VectorDataViewType vector => ScalarType.Of(vector.ItemType)!.NewListColumn(),
        _ => ScalarType.Of(view)!.NewColumn(),
    };

    /// <summary>A type in words, for messages.</summary>
    public static string Describe(IArrowType type) => type switch
    {
        ListType list => $"list<{Describe(list.ValueDataType)}>",
        MapType map => $"map<{Describe(map.KeyField.DataType)}, {Describe(map.ValueField.DataType)}>",
        StructType structure => $"struct<{string.Join(", ", structure.Fields.Select(Describe))}>",
        Decimal128Type { Precision: var precision, Scale: var scale } => $"decimal({precision}, {scale})",
        TimestampType timestamp => Timestamps.HasZone(timestamp) ? "timestamp(UTC)" : "timestamp",
        _ => type.Name,
    };

    private static string Describe(Field field) => $"{field.Name}: {Describe(field.DataType)}";

    /// <summary>A list whose elements may be null.</summary>
    public static ListType List(IArrowType element) => new(new Field("element", element, true));

    private static StructType? ToArrow(IReadOnlyList<StructField> fields)
    {
        var types = fields.Select(field => ScalarType.Of(field.Type)?.Arrow).ToArray();
        return types.Contains(null) ? null : new StructType([.. fields.Zip(types, (field, type) => new Field(field.Name, type, true))]);
    }

    private static StructField[]? Fields(StructType type)
    {
        var types = type.Fields.Select(field => ScalarType.Of(field.DataType)?.View).ToArray();
        return types.Contains(null) ? null : [.. type.Fields.Zip(types, (field, view) => new StructField(field.Name, view!))];
    }
}
