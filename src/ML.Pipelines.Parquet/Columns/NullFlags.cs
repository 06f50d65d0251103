using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Parquet.Columns;

/// <summary>The null flags that stand beside a column of a data view.</summary>
internal static class NullFlags
{
    /// <summary>Whether a scalar, struct or list of structs is null; null where the column has no companion.</summary>
    public static ValueGetter<bool>? OfValue(DataViewRow row, DataViewSchema.Column column) =>
        Nulls.CompanionOf(row.Schema, column) is { Type: BooleanDataViewType } companion ? row.GetGetter<bool>(companion) : null;

    /// <summary>Which elements of a list are null, or whether the list is; null where the column has no companion.</summary>
    public static ValueGetter<VBuffer<bool>>? OfList(DataViewRow row, DataViewSchema.Column column) =>
        Nulls.CompanionOf(row.Schema, column) is { Type: VectorDataViewType { ItemType: BooleanDataViewType } } companion
            ? row.GetGetter<VBuffer<bool>>(companion)
            : null;
}
