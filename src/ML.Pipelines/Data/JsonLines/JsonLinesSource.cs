using System.Text.Json;
using System.Text.Unicode;

namespace ML.Pipelines.Data;

/// <summary>JSON Lines files as rows: one object a line, blank lines skipped.</summary>
/// <remarks>
/// Opening reads every line once, to learn the columns' types and where rows start, so that a type does not depend on how much was
/// sampled and any row range opens without reading what is before it. Memory: one line, and 24 bytes for each 256 rows.
/// </remarks>
public sealed class JsonLinesSource : RecordSource
{
    internal const int RowsAMark = 256;
    private readonly List<Mark> _marks = [];
    private readonly List<Stamp> _stamps = [];
    private readonly Dictionary<string, JsonColumnInference> _inference = new(StringComparer.Ordinal);
    private long _rows;
    private long _readable;

    /// <summary>Opens the files and reads them once.</summary>
    /// <param name="patterns">Paths or globs, see <see cref="InputFiles"/>.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="PipelineException">No such file, a named column is missing, or a column has an unsupported type.</exception>
    public JsonLinesSource(IEnumerable<string> patterns, JsonLinesOptions? options = null)
    {
        Options = options ?? new();
        Files = InputFiles.Expand(patterns);
        for (var file = 0; file < Files.Count; file++) Scan(file);
        if (_readable == 0) throw Empty();
        Columns = [.. Project().Select(ToColumn).OfType<RecordColumn>()];
    }

    /// <summary>The files in order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<RecordColumn> Columns { get; }

    /// <inheritdoc/>
    public override long RowCount => _rows;

    internal JsonLinesOptions Options { get; }

    /// <inheritdoc/>
    public override RecordReader Open(IReadOnlyList<bool> active, long firstRow, long count) =>
        new JsonLinesReader(this, firstRow, count);

    /// <summary>The bytes of each line, without its end; the files are read once more.</summary>
    public override IEnumerable<long> RowBytes()
    {
        for (var file = 0; file < Files.Count; file++)
        {
            using var lines = OpenFile(file);
            for (var more = lines.MoveNext(); more;)
            {
                var start = lines.LineOffset;
                more = lines.MoveNext();
                yield return (more ? lines.LineOffset : _stamps[file].Length) - start;
            }
        }
    }

    /// <summary>The last mark at or before a row.</summary>
    internal Mark MarkBefore(long row) => _marks[(int)(row / RowsAMark)];

    /// <exception cref="PipelineException"><see cref="ErrorCode.FileNotFound"/>; <see cref="ErrorCode.DamagedFile"/>: it changed.</exception>
    internal Utf8LineReader OpenFile(int file, long offset = 0, long line = 1)
    {
        try
        {
            var stamp = Stamp.Of(Files[file]);
            if (file == _stamps.Count) _stamps.Add(stamp);
            return stamp == _stamps[file] ? new(Files[file], offset, line, Options.MaxRowBytes) : throw Changed(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.FileNotFound, $"'{Files[file]}' cannot be opened: {fault.Message}", fault);
        }
    }

    internal PipelineException Changed(int file) => new(ErrorCode.DamagedFile,
        $"'{Files[file]}' is not as it was when the data set was opened. It must not change during a run; start the run again.");

    private void Scan(int file)
    {
        using var lines = OpenFile(file);
        while (lines.MoveNext())
        {
            if (_rows % RowsAMark == 0) _marks.Add(new Mark(file, lines.LineOffset, lines.LineNumber));
            _rows++;
            if (!lines.TooLong && TryObserve(lines.Line, $"{Files[file]}:{lines.LineNumber}")) _readable++;
        }
    }

    // Lines that are no JSON object, even if only at their end or in a name, teach nothing; the reader reports them as bad rows.
    private bool TryObserve(ReadOnlySpan<byte> line, string place)
    {
        try
        {
            if (!IsObject(line)) return false;
            var reader = new Utf8JsonReader(line);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var column = Inference(reader.GetString()!, place);
                reader.Read();
                column.CountRow(_rows);
                column.Observe(ref reader);
            }
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsObject(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        if (!Utf8.IsValid(line) || !reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read())
            if (reader is { TokenType: JsonTokenType.PropertyName, ValueIsEscaped: true }) reader.GetString();
        return true;
    }

    private JsonColumnInference Inference(string name, string place)
    {
        if (!_inference.TryGetValue(name, out var column)) _inference.Add(name, column = new JsonColumnInference(name, place));
        return column;
    }

    private IEnumerable<JsonColumnInference> Project() =>
        Options.Columns is null ? _inference.Values : Options.Columns.Distinct(StringComparer.Ordinal).Select(name => _inference.GetValueOrDefault(name) ?? throw Missing(name));

    private RecordColumn? ToColumn(JsonColumnInference column) =>
        (column.Name.Length > 0 ? column.ToColumn(_readable) : null) ?? (Options.LeaveOutUnsupported ? null : throw Unsupported(column));

    private PipelineException Empty() => new(ErrorCode.DamagedFile,
        $"'{Files[0]}'{(Files.Count > 1 ? $" and {Files.Count - 1} more files hold" : " holds")} no line that is a JSON object. Is it "
            + "JSON Lines (one object a line)?");

    private PipelineException Missing(string name) => new(ErrorCode.MissingColumn,
        $"Column '{name}' is in no row of '{Files[0]}'{(Files.Count > 1 ? $" and {Files.Count - 1} more files" : "")}. Columns there: "
            + $"{string.Join(", ", _inference.Keys)}.");

    private static PipelineException Unsupported(JsonColumnInference column) => new(ErrorCode.UnsupportedType,
        $"Column '{column.Name}' (first at {column.FirstSeen}) is nested deeper than a list of flat objects, or an object without "
            + "fields, or has no name. Flatten it, or leave such columns out (leaveOutUnsupported: true).");

    /// <summary>Where a row starts.</summary>
    internal readonly record struct Mark(int File, long Offset, long Line);

    // Marks are offsets: in a file that changed they would point into the middle of a row.
    private readonly record struct Stamp(long Length, DateTime Written)
    {
        public static Stamp Of(string path)
        {
            var file = new FileInfo(path);
            return new(file.Length, file.LastWriteTimeUtc);
        }
    }
}
