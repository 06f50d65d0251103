using Microsoft.ML.Data;

namespace ML.Pipelines.Traces;

/// <summary>A row of any known schema: the texts its map reads.</summary>
/// <remarks>Immutable; what the map makes of the texts is computed when it is first asked for.</remarks>
public sealed class TraceRow
{
    private readonly BoundTraceMap _map;
    private readonly string?[] _texts;
    private ReasoningTrace? _trace;

    internal TraceRow(DataViewRowId row, BoundTraceMap map, string?[] texts)
    {
        Row = row;
        _map = map;
        _texts = texts;
    }

    /// <summary>The row's id in its data view.</summary>
    public DataViewRowId Row { get; }

    /// <summary>The row as a trace; its question or reasoning may be empty.</summary>
    public ReasoningTrace Trace => _trace ??= _map.Assemble(_texts);
}
