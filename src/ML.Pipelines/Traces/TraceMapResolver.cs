namespace ML.Pipelines.Traces;

/// <summary>Finds the map of a data set: its schema's, with the options' overrides, bound to the columns that are there.</summary>
internal sealed class TraceMapResolver
{
    private readonly IReadOnlyList<RowColumn> _columns;
    private readonly Dictionary<string, string> _overrides;
    private readonly TraceOptions _options;
    private readonly DataSchema? _schema;

    private TraceMapResolver(IReadOnlyList<RowColumn> columns, TraceOptions options)
    {
        _columns = columns;
        _options = options;
        CheckFields(options.Map.Keys);
        _overrides = new(options.Map, StringComparer.Ordinal);
        if (options.IdColumn is { } id) Override(TraceColumns.Id, id, "IdColumn");
        if (options.Source is not null) Override(TraceColumns.Source, "", "Source");
        _schema = FindSchema();
    }

    /// <summary>The map of a data set.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.UnknownSchema"/>, <see cref="ErrorCode.MissingColumn"/>, <see cref="ErrorCode.TypeMismatch"/> or
    /// <see cref="ErrorCode.Configuration"/>; the message names column and option.
    /// </exception>
    public static BoundTraceMap Resolve(IReadOnlyList<RowColumn> columns, TraceOptions options)
    {
        var resolver = new TraceMapResolver(columns, options);
        var fields = TraceColumns.All.ToDictionary(field => field, resolver.Bind);
        resolver.CheckNeeded(fields);
        resolver.CheckReplaced(fields);
        return new BoundTraceMap(resolver._schema, fields, options.Source, resolver.Repeats());
    }

    private static void CheckFields(IEnumerable<string> fields)
    {
        if (fields.FirstOrDefault(field => !TraceColumns.All.Contains(field)) is { } unknown)
            throw new PipelineException(ErrorCode.Configuration,
                $"Map[\"{unknown}\"]: a trace has no field '{unknown}'. Its fields: {string.Join(", ", TraceColumns.All)}.");
    }

    private void Override(string field, string expression, string option)
    {
        if (!_overrides.TryAdd(field, expression))
            throw new PipelineException(ErrorCode.Configuration,
                $"{option} and Map[\"{field}\"] both say what the {field} is. Set one of them.");
    }

    private DataSchema? FindSchema()
    {
        if (_options.Schema is { } name) return Known(name);
        var isExplicit = _overrides.ContainsKey(TraceColumns.Question) && _overrides.ContainsKey(TraceColumns.Reasoning);
        return isExplicit ? null : SchemaMatcher.Match(_columns);
    }

    private static DataSchema Known(string name)
    {
        var schema = DataSchemas.Get(name);
        return schema.IsInput ? schema : throw new PipelineException(ErrorCode.UnknownSchema,
            $"Schema: '{name}' describes an output and has no map to a trace. Set Schema to a row schema.");
    }

    private IReadOnlyList<MapExpression> Bind(string field)
    {
        if (_overrides.TryGetValue(field, out var given)) return BindGiven(field, given);
        return _schema?.Map.TryGetValue(field, out var mapped) == true ? BindMapped(field, mapped) : BindDefault(field);
    }

    private IReadOnlyList<MapExpression> BindGiven(string field, string text)
    {
        if (field == TraceColumns.Id && _options.IdColumn is { } id) return [Column(new(new ColumnSource(id, null, false), []), field)];
        return [.. MapExpression.ParseAll(text, Option(field)).Select(expression => Column(expression, field))];
    }

    private IReadOnlyList<MapExpression> BindMapped(string field, string text)
    {
        var all = MapExpression.ParseAll(text, Option(field));
        var there = all.Where(IsThere).Select(expression => Column(expression, field)).ToList();
        var needed = all.FirstOrDefault(expression => _schema!.Find(expression.Source.Column) is { Required: true });
        if (there.Count > 0 || all.Count == 0) return there;
        return needed is null ? BindDefault(field) : throw Missing(needed.Source.Column, field);
    }

    // A field that nobody maps takes the column of its name; a generation's finish reason says whether the chain is complete.
    private MapExpression[] BindDefault(string field)
    {
        string[] names = field == TraceColumns.Complete ? [field, "finish_reason"] : [field];
        var expressions = names.Select(name => new MapExpression(new ColumnSource(name, null, false), []));
        return [.. expressions.Where(IsThere).Select(expression => Column(expression, field))];
    }

    private bool IsThere(MapExpression expression) => RowColumn.Find(_columns, expression.Source.Column) is not null;

    /// <summary>The expression with the column's own spelling, its type checked.</summary>
    private MapExpression Column(MapExpression expression, string field)
    {
        var column = RowColumn.Find(_columns, expression.Source.Column) ?? throw Missing(expression.Source.Column, field);
        var source = expression.Source with { Column = column.Name };
        return ColumnKinds.Misfit(source, field, column.Type) is { } expected
            ? throw Mistyped(column, field, expected)
            : expression with { Source = source };
    }

    private void CheckNeeded(Dictionary<string, IReadOnlyList<MapExpression>> fields)
    {
        string[] needed = [TraceColumns.Question, TraceColumns.Reasoning];
        if (Array.Find(needed, field => fields[field].Count == 0) is { } empty)
            throw new PipelineException(ErrorCode.Configuration, $"{Option(empty)}: a trace needs its {empty}. Name the column it is in.");
    }

    private void CheckReplaced(Dictionary<string, IReadOnlyList<MapExpression>> fields)
    {
        var read = fields.Values.SelectMany(expressions => expressions).Select(expression => expression.Source.Column).ToHashSet();
        var unread = TraceColumns.All.Where(field => !IsReplacedOnPurpose(field) && !read.Contains(field));
        if (unread.FirstOrDefault(field => _columns.Any(column => column.Name == field)) is { } lost)
            throw new PipelineException(ErrorCode.Configuration,
                $"Column '{lost}' would be replaced by the trace's {lost} without being read. "
                + $"Set Map[\"{lost}\"] to the expression to read, or rename or drop the column first.");
    }

    private bool IsReplacedOnPurpose(string field) => _overrides.ContainsKey(field) || _schema?.Find(field) is not null;

    private IEnumerable<string> Repeats() => _schema is null ? [] :
        _schema.Columns.Where(column => column.Repeats).Select(column => RowColumn.Find(_columns, column.Name)?.Name).OfType<string>();

    private string Option(string field) =>
        _overrides.ContainsKey(field) || _schema is null ? ToSet(field) : $"{ToSet(field)}, here by row schema '{_schema.Name}'";

    private string ToSet(string field) => field == TraceColumns.Id && _options.IdColumn is not null ? "IdColumn" : $"Map[\"{field}\"]";

    private PipelineException Missing(string column, string field) => new(ErrorCode.MissingColumn,
        $"Column '{column}' ({Option(field)}) is not there. Columns: {string.Join(", ", _columns.Select(c => c.Name))}. "
        + $"Name the right one in {ToSet(field)}.");

    private PipelineException Mistyped(RowColumn column, string field, string expected) => new(ErrorCode.TypeMismatch,
        $"Column '{column.Name}' ({Option(field)}) is {column.Type}, expected {expected}. "
        + $"Name another column in {ToSet(field)} or convert it first.");
}
