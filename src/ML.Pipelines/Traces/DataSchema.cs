using System.Text.Json.Serialization;
using Microsoft.ML.Data;

namespace ML.Pipelines.Traces;

/// <summary>The columns of a data set, as a file in <c>data-schemas/</c> describes them.</summary>
public sealed record DataSchema
{
    /// <summary>The file's name without its extension; what <see cref="TraceOptions.Schema"/> takes.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    /// <summary>The data set's name for readers.</summary>
    public required string Title { get; init; }

    /// <summary>Where the data set or the contract is published.</summary>
    public required string Source { get; init; }

    /// <summary>What its rows are, in a sentence.</summary>
    public required string About { get; init; }

    /// <summary>The columns in order. A data set may have more: they ride along.</summary>
    public required IReadOnlyList<DataSchemaColumn> Columns { get; init; }

    /// <summary>
    /// The fields of a reasoning trace (<see cref="TraceColumns"/>) by the expressions that read them, see <see cref="TraceOptions.Map"/>;
    /// empty for a schema that is only written.
    /// </summary>
    public IReadOnlyDictionary<string, string> Map { get; init => field = value ?? field; } = new Dictionary<string, string>();

    /// <summary>Whether traces can be read from rows of this schema.</summary>
    [JsonIgnore]
    public bool IsInput => Map.Count > 0;

    internal IEnumerable<string> Required => Columns.Where(column => column.Required).Select(column => column.Name);

    internal DataSchemaColumn? Find(string name) =>
        Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A column of a <see cref="DataSchema"/>.</summary>
public sealed record DataSchemaColumn
{
    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>text</c>, <c>boolean</c>, <c>int32</c>, <c>int64</c>, <c>double</c>, <c>list&lt;…&gt;</c> of one of these,
    /// <c>list&lt;struct&lt;name: type, …&gt;&gt;</c>, or <c>messages</c> for list&lt;struct&lt;role: text, content: text&gt;&gt;.
    /// </summary>
    public required string Type { get; init; }

    /// <summary>Whether values may be null.</summary>
    public bool Nullable { get; init; }

    /// <summary>Whether a data set must have the column to be recognised.</summary>
    public bool Required { get; init; }

    /// <summary>Whether the column says again what the mapped ones say, so that it does not ride along.</summary>
    public bool Repeats { get; init; }

    /// <summary>What the column holds.</summary>
    public required string About { get; init; }

    /// <summary>The column's type in a data view.</summary>
    [JsonIgnore]
    public DataViewType DataViewType => DataSchemaTypes.Parse(Type);
}
