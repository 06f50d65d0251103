using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Traces;

/// <summary>A visible data column of a schema or of a schema shape.</summary>
internal sealed record RowColumn(string Name, DataViewType Type)
{
    /// <summary>The columns of a schema, without companions.</summary>
    public static IReadOnlyList<RowColumn> Of(DataViewSchema schema) =>
        [.. schema.Where(column => !column.IsHidden && !Nulls.IsCompanion(column))
            .Select(column => new RowColumn(column.Name, column.Type))];

    /// <summary>The columns of a shape, without companions.</summary>
    public static IReadOnlyList<RowColumn> Of(SchemaShape shape) =>
        [.. shape.Where(column => !IsCompanion(column)).Select(column => new RowColumn(column.Name, TypeOf(column)))];

    /// <summary>The column with a name, else the only one whose name differs in case.</summary>
    public static RowColumn? Find(IReadOnlyList<RowColumn> columns, string name)
    {
        var similar = columns.Where(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return Array.Find(similar, column => column.Name == name) ?? (similar.Length == 1 ? similar[0] : null);
    }

    private static bool IsCompanion(SchemaShape.Column column) =>
        column.Annotations is { } annotations && annotations.Any(annotation => annotation.Name == Nulls.ValueAnnotation);

    private static DataViewType TypeOf(SchemaShape.Column column) =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar
            ? column.ItemType
            : new VectorDataViewType((PrimitiveDataViewType)column.ItemType);
}
