using System.Text.Json;
using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>
/// What the rows say about one column's type. The first value that is not null decides; integers widen to double; a later value of
/// another kind is that row's fault, found again when the row is read.
/// </summary>
internal sealed class JsonColumnInference(string name, string firstSeen)
{
    private readonly List<JsonColumnInference> _fields = [];
    private JsonColumnInference? _element;
    private Kind _kind;
    private long _rows;
    private long _lastRow = -1;

    private enum Kind { Unknown, Text, Integer, Double, Boolean, List, Struct }

    public string Name => name;

    /// <summary>File and line of the column's first appearance.</summary>
    public string FirstSeen => firstSeen;

    public bool SawNull { get; private set; }

    /// <summary>Counts a row that has the column; once, even if the row names it twice.</summary>
    public void CountRow(long row)
    {
        if (row != _lastRow) _rows++;
        _lastRow = row;
    }

    /// <summary>Learns from the value that the reader stands on and moves to its last token.</summary>
    public void Observe(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null: SawNull = true; break;
            case JsonTokenType.String: Learn(Kind.Text); break;
            case JsonTokenType.True or JsonTokenType.False: Learn(Kind.Boolean); break;
            case JsonTokenType.Number: Learn(reader.TryGetInt64(out _) ? Kind.Integer : Kind.Double); break;
            case JsonTokenType.StartArray: ObserveList(ref reader); break;
            default: ObserveStruct(ref reader); break;
        }
    }

    /// <summary>The column, or null where its type has no counterpart in a data view.</summary>
    public RecordColumn? ToColumn(long rows) => Type() is { } type ? new(name, type, SawNull || _rows < rows || AnyElementNull) : null;

    private bool AnyElementNull => _element is { _kind: not Kind.Struct, SawNull: true };

    private void Learn(Kind kind)
    {
        if (_kind == Kind.Unknown || (_kind == Kind.Integer && kind == Kind.Double)) _kind = kind;
    }

    private void ObserveList(ref Utf8JsonReader reader)
    {
        Learn(Kind.List);
        _element ??= new JsonColumnInference(name, firstSeen);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) _element.Observe(ref reader);
    }

    private void ObserveStruct(ref Utf8JsonReader reader)
    {
        Learn(Kind.Struct);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = reader.GetString()!;
            reader.Read();
            Field(field).Observe(ref reader);
        }
    }

    private JsonColumnInference Field(string field)
    {
        var found = _fields.Find(known => known.Name == field);
        if (found is null) _fields.Add(found = new JsonColumnInference(field, firstSeen));
        return found;
    }

    private DataViewType? Type() => _kind switch
    {
        Kind.List => _element!._kind == Kind.Struct
            ? _element.Fields() is { } fields ? StructListDataViewType.For(fields) : null
            : _element.Scalar() is { } item ? new VectorDataViewType(item) : null,
        Kind.Struct => Fields() is { } own ? new StructDataViewType(own) : null,
        _ => Scalar(),
    };

    // A struct without fields has no counterpart either: a Parquet group needs one.
    private StructField[]? Fields()
    {
        var types = _fields.ConvertAll(field => field.Scalar());
        return types.Count == 0 || types.Contains(null) ? null : [.. _fields.Select((field, i) => new StructField(field.Name, types[i]!))];
    }

    private PrimitiveDataViewType? Scalar() => _kind switch
    {
        Kind.Integer => NumberDataViewType.Int64,
        Kind.Double => NumberDataViewType.Double,
        Kind.Boolean => BooleanDataViewType.Instance,
        Kind.Text or Kind.Unknown => TextDataViewType.Instance,
        _ => null,
    };
}
