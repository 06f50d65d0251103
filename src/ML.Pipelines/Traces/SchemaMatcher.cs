namespace ML.Pipelines.Traces;

/// <summary>Recognises a row schema by the names of a data set's columns.</summary>
/// <remarks>
/// A data set that has question and reasoning is a reasoning trace already. Otherwise the schemas whose required columns are all there fit,
/// and the most specific one wins: the one that knows the required columns of every other. Where none does, two sources of the chain
/// compete and a guess could train on the wrong one, so it is ambiguous.
/// </remarks>
internal static class SchemaMatcher
{
    /// <summary>The schema of the columns.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.UnknownSchema"/>: none or several fit.</exception>
    public static DataSchema Match(IReadOnlyList<RowColumn> columns)
    {
        var fitting = Inputs.Where(schema => schema.Required.All(name => RowColumn.Find(columns, name) is not null)).ToArray();
        if (Array.Find(fitting, schema => schema.Name == Native) is { } native) return native;
        var specific = fitting.Where(schema => fitting.All(other => Knows(schema, other))).ToArray();
        return specific.Length == 1 ? specific[0] : throw (fitting.Length == 0 ? None(columns) : Several(columns, fitting));
    }

    /// <summary>The schema that adapting leads to.</summary>
    public const string Native = "reasoning-trace";

    private static IEnumerable<DataSchema> Inputs => DataSchemas.All.Where(schema => schema.IsInput);

    private static bool Knows(DataSchema schema, DataSchema other) => other.Required.All(name => schema.Find(name) is not null);

    private static PipelineException None(IReadOnlyList<RowColumn> columns) => new(ErrorCode.UnknownSchema,
        $"No row schema fits the columns {Names(columns)}. Known: {Describe(Inputs)}. "
        + "Name the columns in Map (at least question and reasoning), or set Schema and name in Map the columns that differ.");

    private static PipelineException Several(IReadOnlyList<RowColumn> columns, IEnumerable<DataSchema> fitting) => new(
        ErrorCode.UnknownSchema,
        $"Several row schemas fit the columns {Names(columns)}: {Describe(fitting)}. Set Schema to one of them.");

    private static string Names(IReadOnlyList<RowColumn> columns) => string.Join(", ", columns.Select(column => column.Name));

    private static string Describe(IEnumerable<DataSchema> schemas) =>
        string.Join("; ", schemas.Select(schema => $"{schema.Name} ({string.Join(", ", schema.Required)})"));
}
