using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>
/// Nulls beside the values: a nullable column <c>x</c> has a companion <c>x.null</c> (<c>x.null'</c> where that is another
/// column's name), tied to it by annotations on both.
/// </summary>
/// <remarks>
/// A data view has no nulls. The companion of a scalar, struct or list&lt;struct&gt; column is a Boolean (the value is null); that of a
/// list is a Boolean vector: empty when nothing is null, [true] beside an empty list when the list is null, else parallel to the list
/// (the element is null). A column that replaces <c>x</c> lacks the annotation, so old flags never fall on new values; a copy made by
/// CopyColumns has it and keeps its nulls.
/// </remarks>
public static class Nulls
{
    /// <summary>The annotation on a value column that names its companion.</summary>
    public const string CompanionAnnotation = "MLPipelines.NullsIn";

    /// <summary>The annotation on a companion that names its value column.</summary>
    public const string ValueAnnotation = "MLPipelines.NullsOf";

    /// <summary>The companion's name, where no other column has it.</summary>
    public static string CompanionName(string columnName) => columnName + ".null";

    /// <summary>The companion's type.</summary>
    public static DataViewType CompanionType(DataViewType type) =>
        type is VectorDataViewType ? new VectorDataViewType(BooleanDataViewType.Instance) : BooleanDataViewType.Instance;

    /// <summary>Adds a column and, if nullable, marks it as having a companion; add that with <see cref="AddCompanion(DataViewSchema.Builder, string, DataViewType)"/>.</summary>
    public static void AddValue(DataViewSchema.Builder schema, string name, DataViewType type, bool nullable) =>
        AddValue(schema, name, type, nullable ? CompanionName(name) : null);

    /// <summary>Adds the companion of a nullable column.</summary>
    public static void AddCompanion(DataViewSchema.Builder schema, string name, DataViewType type) =>
        AddCompanion(schema, name, type, CompanionName(name));

    internal static void AddValue(DataViewSchema.Builder schema, string name, DataViewType type, string? companion) =>
        schema.AddColumn(name, type, companion is null ? null : Annotate(CompanionAnnotation, companion));

    internal static void AddCompanion(DataViewSchema.Builder schema, string name, DataViewType type, string companion) =>
        schema.AddColumn(companion, CompanionType(type), Annotate(ValueAnnotation, name));

    /// <summary>The names of columns' companions: none is the name of another column, which it would hide.</summary>
    internal static IReadOnlyList<string> CompanionNames(IEnumerable<string> columns, IEnumerable<string> others)
    {
        var taken = others.ToHashSet(StringComparer.Ordinal);
        return [.. columns.Select(column => FreeName(CompanionName(column), taken))];
    }

    /// <summary>Whether the column is a companion, not data.</summary>
    public static bool IsCompanion(DataViewSchema.Column column) => Annotation(column, ValueAnnotation) is not null;

    /// <summary>The companions of those columns that have one.</summary>
    internal static IEnumerable<DataViewSchema.Column> CompanionsOf(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns) =>
        columns.Select(column => CompanionOf(schema, column)).OfType<DataViewSchema.Column>();

    /// <summary>The columns, then their companions: what a cursor needs to read them with their nulls.</summary>
    internal static IReadOnlyList<DataViewSchema.Column> WithCompanions(
        DataViewSchema schema, IReadOnlyList<DataViewSchema.Column> columns) => [.. columns, .. CompanionsOf(schema, columns)];

    /// <summary>The companion of a value column, or null where it has none.</summary>
    public static DataViewSchema.Column? CompanionOf(DataViewSchema schema, DataViewSchema.Column column) =>
        Annotation(column, CompanionAnnotation) is { } name && schema.GetColumnOrNull(name) is { } companion && IsCompanion(companion)
            ? companion
            : null;

    private static string FreeName(string name, HashSet<string> taken)
    {
        while (!taken.Add(name)) name += "'";
        return name;
    }

    private static DataViewSchema.Annotations Annotate(string key, string value)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue(key, TextDataViewType.Instance, value.AsMemory());
        return builder.ToAnnotations();
    }

    private static string? Annotation(DataViewSchema.Column column, string key)
    {
        if (column.Annotations.Schema.GetColumnOrNull(key) is null) return null;
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(key, ref value);
        return value.ToString();
    }
}
