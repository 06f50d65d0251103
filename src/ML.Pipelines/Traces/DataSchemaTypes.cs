using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Traces;

/// <summary>The type names of data schema files.</summary>
internal static class DataSchemaTypes
{
    private static readonly Dictionary<string, PrimitiveDataViewType> Scalars = new(StringComparer.Ordinal)
    {
        ["text"] = TextDataViewType.Instance,
        ["boolean"] = BooleanDataViewType.Instance,
        ["int32"] = NumberDataViewType.Int32,
        ["int64"] = NumberDataViewType.Int64,
        ["double"] = NumberDataViewType.Double,
    };

    /// <summary>The data view type of a type name.</summary>
    /// <exception cref="FormatException">There is no such type.</exception>
    public static DataViewType Parse(string name)
    {
        if (name == "messages") return MessagesDataViewType.Instance;
        if (Inside(name, "list") is not { } item) return Scalar(name);
        return Inside(item, "struct") is { } fields
            ? StructListDataViewType.For([.. fields.Split(',').Select(Field)])
            : new VectorDataViewType(Scalar(item));
    }

    private static StructField Field(string text) =>
        text.Split(':') is [var name, var type]
            ? new(name.Trim(), Scalar(type.Trim()))
            : throw new FormatException($"'{text}' is not 'name: type'.");

    private static PrimitiveDataViewType Scalar(string name) =>
        Scalars.GetValueOrDefault(name)
        ?? throw new FormatException(
            $"'{name}' is no type; known: {string.Join(", ", Scalars.Keys)}, messages, list<…>, list<struct<…>>.");

    private static string? Inside(string name, string generic) =>
        name.StartsWith(generic + "<", StringComparison.Ordinal) && name.EndsWith('>') ? name[(generic.Length + 1)..^1] : null;
}
