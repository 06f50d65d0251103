using Apache.Arrow.Types;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Parquet.Columns;

/// <summary>A scalar type in its two worlds, data view and Arrow; <see cref="All"/> is the table of what can be read and written.</summary>
internal abstract class ScalarType(PrimitiveDataViewType view, IArrowType arrow)
{
    public static IReadOnlyList<ScalarType> All { get; } =
    [
        new ScalarType<ReadOnlyMemory<char>>(TextDataViewType.Instance, StringType.Default, _ => new TextBuilder(), () => new TextValues()),
        new ScalarType<bool>(BooleanDataViewType.Instance, BooleanType.Default, _ => new BooleanBuilder(), () => new BooleanValues()),
        Number<sbyte>(NumberDataViewType.SByte, Int8Type.Default),
        Number<byte>(NumberDataViewType.Byte, UInt8Type.Default),
        Number<short>(NumberDataViewType.Int16, Int16Type.Default),
        Number<ushort>(NumberDataViewType.UInt16, UInt16Type.Default),
        Number<int>(NumberDataViewType.Int32, Int32Type.Default),
        Number<uint>(NumberDataViewType.UInt32, UInt32Type.Default),
        Number<long>(NumberDataViewType.Int64, Int64Type.Default),
        Number<ulong>(NumberDataViewType.UInt64, UInt64Type.Default),
        Number<float>(NumberDataViewType.Single, FloatType.Default),
        Number<double>(NumberDataViewType.Double, DoubleType.Default),
        new ScalarType<DateTime>(DateTimeDataViewType.Instance, Timestamps.WithoutZone,
            type => new DateTimeBuilder(type), () => new DateTimeValues()),
        new ScalarType<DateTimeOffset>(DateTimeOffsetDataViewType.Instance, Timestamps.Utc,
            type => new DateTimeOffsetBuilder(type), () => new DateTimeOffsetValues()),
    ];

    public PrimitiveDataViewType View => view;

    /// <summary>The type that is written; timestamps of other units are read too.</summary>
    public IArrowType Arrow => arrow;

    /// <summary>The scalar type of a data view's type, or null where there is none.</summary>
    public static ScalarType? Of(DataViewType type) => All.FirstOrDefault(scalar => scalar.View.Equals(type));

    /// <summary>The scalar type of an Arrow type, or null where there is none.</summary>
    public static ScalarType? Of(IArrowType type) => All.FirstOrDefault(scalar => scalar.Fits(type));

    /// <summary>Calls the visitor with the type's raw type.</summary>
    public abstract TResult Accept<TResult>(IScalarVisitor<TResult> visitor);

    public abstract ValueBuilder NewBuilder(IArrowType type);

    public abstract ArrowValues NewValues();

    public abstract ColumnBuilder NewColumnBuilder(DataViewRow row, DataViewSchema.Column column);

    public abstract ColumnBuilder NewListBuilder(DataViewRow row, DataViewSchema.Column column);

    public abstract ColumnValues NewColumn();

    public abstract ColumnValues NewListColumn();

    private static ScalarType<T> Number<T>(PrimitiveDataViewType view, IArrowType arrow) where T : unmanaged =>
        new(view, arrow, _ => new NumberBuilder<T>(arrow), () => new NumberValues<T>());

    private bool Fits(IArrowType type) =>
        type.TypeId == arrow.TypeId
        && (type is not TimestampType timestamp || Timestamps.HasZone(timestamp) == Timestamps.HasZone((TimestampType)arrow));
}

/// <inheritdoc/>
internal sealed class ScalarType<T>(
    PrimitiveDataViewType view, IArrowType arrow, Func<IArrowType, ValueBuilder<T>> builder, Func<ArrowValues<T>> values)
    : ScalarType(view, arrow) where T : struct
{
    public override TResult Accept<TResult>(IScalarVisitor<TResult> visitor) => visitor.Visit(this);

    public override ValueBuilder<T> NewBuilder(IArrowType type) => builder(type);

    public override ArrowValues<T> NewValues() => values();

    public override ColumnBuilder NewColumnBuilder(DataViewRow row, DataViewSchema.Column column) =>
        new ScalarColumnBuilder<T>(row.GetGetter<T>(column), NullFlags.OfValue(row, column), () => builder(Arrow));

    public override ColumnBuilder NewListBuilder(DataViewRow row, DataViewSchema.Column column) =>
        new ListColumnBuilder<T>(row.GetGetter<VBuffer<T>>(column), NullFlags.OfList(row, column), () => builder(Arrow));

    public override ColumnValues NewColumn() => new ScalarColumnValues<T>(values());

    public override ColumnValues NewListColumn() => new ListColumnValues<T>(values());
}

/// <summary>Work that needs a scalar's raw type as a type argument.</summary>
internal interface IScalarVisitor<out TResult>
{
    TResult Visit<T>(ScalarType<T> type) where T : struct;
}
