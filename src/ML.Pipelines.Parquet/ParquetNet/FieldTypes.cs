using Apache.Arrow.Types;
using global::Parquet.Schema;
using ArrowField = Apache.Arrow.Field;
using ConvertedType = global::Parquet.Meta.ConvertedType;

namespace ML.Pipelines.Parquet.ParquetNet;

/// <summary>Parquet.Net's fields to and from Arrow types.</summary>
internal static class FieldTypes
{
    private static readonly Dictionary<System.Type, IArrowType> Plain = new()
    {
        [typeof(ReadOnlyMemory<char>)] = StringType.Default,
        [typeof(ReadOnlyMemory<byte>)] = BinaryType.Default,
        [typeof(bool)] = BooleanType.Default,
        [typeof(sbyte)] = Int8Type.Default,
        [typeof(byte)] = UInt8Type.Default,
        [typeof(short)] = Int16Type.Default,
        [typeof(ushort)] = UInt16Type.Default,
        [typeof(int)] = Int32Type.Default,
        [typeof(uint)] = UInt32Type.Default,
        [typeof(long)] = Int64Type.Default,
        [typeof(ulong)] = UInt64Type.Default,
        [typeof(float)] = FloatType.Default,
        [typeof(double)] = DoubleType.Default,
        [typeof(Guid)] = new FixedSizeBinaryType(16),
    };

    /// <summary>The Arrow type of a field of a file, whether or not a data view can hold it.</summary>
    public static IArrowType ToArrow(Field field) => field switch
    {
        ListField { Item: DataField item } => List(ToArrowScalar(item)),
        ListField list => List(ToArrow(list.Item)),
        StructField structure => new StructType([.. structure.Fields.Select(child => new ArrowField(child.Name, ToArrow(child), true))]),
        MapField map => new MapType(new ArrowField("key", ToArrow(map.Key), false), new ArrowField("value", ToArrow(map.Value), true)),
        DataField { IsArray: true } data => List(ToArrowScalar(data)),
        DataField data => ToArrowScalar(data),
        _ => BinaryType.Default,
    };

    /// <summary>The field, OPTIONAL at every level, that an Arrow column is written as.</summary>
    public static Field ToParquet(string name, IArrowType type) => type switch
    {
        ListType list => new ListField(name, ToParquet(ListField.ElementName, list.ValueDataType)),
        StructType structure => new StructField(name, [.. structure.Fields.Select(child => ToParquet(child.Name, child.DataType))]),
        TimestampType timestamp => new DateTimeDataField(
            name, DateTimeFormat.Timestamp, Columns.Timestamps.HasZone(timestamp), DateTimeTimeUnit.Micros, isNullable: true),
        _ => new DataField(name, Plain.First(pair => pair.Value.TypeId == type.TypeId).Key, isNullable: true),
    };

    /// <summary>A field's leaves in the order of the file.</summary>
    public static IEnumerable<DataField> Leaves(Field field) => field switch
    {
        DataField data => [data],
        ListField list => Leaves(list.Item),
        StructField structure => structure.Fields.SelectMany(Leaves),
        _ => [],
    };

    private static ListType List(IArrowType element) => Columns.ColumnTypes.List(element);

    private static IArrowType ToArrowScalar(DataField field) => field switch
    {
        DecimalDataField number => new Decimal128Type(number.Precision, number.Scale),
        DateTimeDataField { DateTimeFormat: DateTimeFormat.Date } => Date32Type.Default,
        DateTimeDataField timestamp => ToArrow(timestamp),
        _ when IsTimeOfDay(field) => Time64Type.Default,
        _ => Plain.GetValueOrDefault(field.ClrType, BinaryType.Default),
    };

    // Timestamps of the older annotation say nothing of a zone: they are read as wall-clock time, as DuckDB and Arrow do.
    private static TimestampType ToArrow(DateTimeDataField field) => new(
        field.DateTimeFormat == DateTimeFormat.Timestamp && field.Unit == DateTimeTimeUnit.Nanos
            ? TimeUnit.Nanosecond
            : TimeUnit.Microsecond,
        field.DateTimeFormat == DateTimeFormat.Timestamp && field.IsAdjustedToUTC ? "UTC" : null);

    private static bool IsTimeOfDay(DataField field) =>
        field is TimeDataField
        || field.SchemaElement?.LogicalType?.TIME is not null
        || field.SchemaElement?.ConvertedType is ConvertedType.TIME_MILLIS or ConvertedType.TIME_MICROS;
}
