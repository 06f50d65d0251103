using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>One pass over JSON Lines rows; bad rows go to the sink.</summary>
/// <remarks>Every column of the source is read, active or not: which rows are bad must not depend on which columns are looked at.</remarks>
internal sealed class JsonLinesReader : RecordReader
{
    private readonly JsonLinesSource _source;
    private readonly JsonSlot[] _slots;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _index;
    private readonly long _end;
    private Utf8LineReader? _lines;
    private int _file;
    private long _next;
    private char[] _name = new char[64];

    public JsonLinesReader(JsonLinesSource source, long firstRow, long count)
    {
        _source = source;
        _end = firstRow + Math.Min(count, Math.Max(0, source.RowCount - firstRow));
        _slots = [.. source.Columns.Select(column => JsonSlot.For(column.Type))];
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _slots.Length; i++) index[source.Columns[i].Name] = i;
        _index = index.GetAlternateLookup<ReadOnlySpan<char>>();
        _next = firstRow;
        if (_next < _end) Seek();
    }

    public override long Row => _next - 1;

    public override bool MoveNext()
    {
        while (_next < _end)
        {
            NextLine();
            _next++;
            if (Check() is { } error) Reject(error);
            else if (Parse() is not { } fault) return true;
            else Reject(fault);
        }
        return false;
    }

    public override ValueGetter<T> GetGetter<T>(int column) => (ValueGetter<T>)_slots[column].Getter;

    public override bool IsNull(int column) => _slots[column].IsNull;

    public override void GetElementNulls(int column, ref VBuffer<bool> nulls) => _slots[column].GetElementNulls(ref nulls);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _lines?.Dispose();
        base.Dispose(disposing);
    }

    private string Place => $"{_source.Files[_file]}:{_lines!.LineNumber}";

    private void Seek()
    {
        var mark = _source.MarkBefore(_next);
        _file = mark.File;
        _lines = _source.OpenFile(_file, mark.Offset, mark.Line);
        for (var skip = _next % JsonLinesSource.RowsAMark; skip > 0; skip--) NextLine();
    }

    private void NextLine()
    {
        while (!_lines!.MoveNext())
        {
            if (_file + 1 >= _source.Files.Count) throw _source.Changed(_file);
            _lines.Dispose();
            _lines = _source.OpenFile(++_file);
        }
    }

    private RowError? Check()
    {
        if (_lines!.TooLong)
            return new(ErrorCode.RowTooLong, $"{Place}: the line is longer than {_source.Options.MaxRowBytes} bytes. Raise maxRowBytes "
                + "or split the row.");
        return Utf8.IsValid(_lines.Line) ? null : new(ErrorCode.InvalidUtf8, $"{Place}: the line is not valid UTF-8. Re-encode the file.");
    }

    private RowError? Parse()
    {
        foreach (var slot in _slots) slot.Clear();
        var column = -1;
        try
        {
            var reader = new Utf8JsonReader(_lines!.Line);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return new(ErrorCode.InvalidJson, $"{Place}: not a JSON object.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) ReadProperty(ref reader, ref column);
            reader.Read();
            return null;
        }
        catch (JsonTypeMismatchException fault)
        {
            var name = _source.Columns[column].Name;
            return new(ErrorCode.TypeMismatch, $"{Place}: column '{name}': {fault.Message}; the first row that has it decides a "
                + "column's type.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return new(ErrorCode.InvalidJson, $"{Place}: {fault.Message}");
        }
    }

    private void ReadProperty(ref Utf8JsonReader reader, ref int column)
    {
        var known = _index.TryGetValue(PropertyName(ref reader), out var index);
        reader.Read();
        if (!known)
        {
            reader.Skip();
            return;
        }
        column = index;
        _slots[index].Read(ref reader);
    }

    private ReadOnlySpan<char> PropertyName(ref Utf8JsonReader reader)
    {
        if (_name.Length < reader.ValueSpan.Length) _name = new char[reader.ValueSpan.Length];
        return _name.AsSpan(0, reader.CopyString(_name));
    }

    private void Reject(RowError error)
    {
        if (_source.Options.Rejects is not { } sink) throw new PipelineException(error.Code, error.Message);
        sink.Quarantined(new RejectedRow("load", Place, new DataViewRowId((ulong)Row, 0), Raw()), error);
    }

    private string? Raw()
    {
        if (_lines!.TooLong) return null;
        var text = Encoding.UTF8.GetString(_lines.Line);
        return Utf8.IsValid(_lines.Line)
            ? JsonSerializer.Serialize(new Dictionary<string, string> { ["line"] = text })
            : JsonSerializer.Serialize(new Dictionary<string, string> { ["line"] = text, ["base64"] = Convert.ToBase64String(_lines.Line) });
    }
}
