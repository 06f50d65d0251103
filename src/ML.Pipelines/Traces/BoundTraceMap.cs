namespace ML.Pipelines.Traces;

/// <summary>A map whose expressions name columns of one data set: a pure function from a row's texts to a trace.</summary>
internal sealed class BoundTraceMap
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<MapExpression>> _fields;
    private readonly Dictionary<ColumnSource, int> _index = [];
    private readonly string? _source;

    /// <summary>Creates the map.</summary>
    /// <param name="schema">The row schema; null where the options name question and reasoning themselves.</param>
    /// <param name="fields">The alternatives of every field; none where it stays empty.</param>
    /// <param name="source">The source of all rows; null: as mapped.</param>
    /// <param name="repeats">Columns that say again what the map reads.</param>
    public BoundTraceMap(
        DataSchema? schema, IReadOnlyDictionary<string, IReadOnlyList<MapExpression>> fields, string? source, IEnumerable<string> repeats)
    {
        Schema = schema;
        _fields = fields;
        _source = source;
        foreach (var expression in Expressions) _index.TryAdd(expression.Source, _index.Count);
        Sources = [.. _index.OrderBy(entry => entry.Value).Select(entry => entry.Key)];
        var held = fields.SelectMany(field => field.Value.Where(expression => IsHeld(field.Key, expression)));
        Consumed = [.. held.Select(expression => expression.Source.Column).Concat(repeats).Distinct()];
    }

    /// <summary>The row schema, or null.</summary>
    public DataSchema? Schema { get; }

    /// <summary>The texts to read from a row, each once.</summary>
    public IReadOnlyList<ColumnSource> Sources { get; }

    /// <summary>The columns that do not ride along, because the trace holds what they hold.</summary>
    public IReadOnlyList<string> Consumed { get; }

    /// <summary>The expressions of every field that has any.</summary>
    public IReadOnlyDictionary<string, string> Fields => TraceColumns.All.Where(name => _fields[name].Count > 0)
        .ToDictionary(name => name, name => string.Join(" | ", _fields[name]));

    private IEnumerable<MapExpression> Expressions => TraceColumns.All.SelectMany(name => _fields[name]);

    /// <summary>Makes the trace of a row.</summary>
    /// <param name="texts">Parallel to <see cref="Sources"/>.</param>
    public ReasoningTrace Assemble(IReadOnlyList<string?> texts)
    {
        string? Value(string field) => Find(field, texts).Value;
        var trace = new ReasoningTrace
        {
            Id = Value(TraceColumns.Id) ?? "",
            Source = _source ?? Value(TraceColumns.Source),
            Question = Value(TraceColumns.Question) ?? "",
            Reasoning = Value(TraceColumns.Reasoning) ?? "",
            Solution = Value(TraceColumns.Solution),
            Answer = Value(TraceColumns.Answer),
            System = Value(TraceColumns.System),
            Complete = IsComplete(texts),
        };
        return trace.Id.Length > 0 ? trace : trace with { Id = ContentId.Of(trace) };
    }

    // The final answer is a part of its text, and a finish reason says more than complete or not; a reader may want the rest. So may one
    // of a list whose first element was asked for; lists of known schemas have no more that counts.
    private bool IsHeld(string field, MapExpression expression) =>
        field != TraceColumns.Complete && !expression.Takes.Contains(Take.Answer) && !(expression.Source.First && Schema is null);

    private (string? Value, MapExpression? By, string? Text) Find(string field, IReadOnlyList<string?> texts)
    {
        foreach (var expression in _fields[field])
        {
            var text = texts[_index[expression.Source]];
            if (expression.Value(text) is { } value) return (value, expression, text);
        }
        return default;
    }

    private bool IsComplete(IReadOnlyList<string?> texts)
    {
        var reasoning = Find(TraceColumns.Reasoning, texts);
        if (reasoning.By is { } expression && expression.IsCutOff(reasoning.Text!)) return false;
        return Find(TraceColumns.Complete, texts).Value is not ("false" or "length" or "max_tokens");
    }
}
