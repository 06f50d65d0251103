using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Tests.Runs;

/// <summary>
/// Shards as lines of JSON: a header with the columns and the footer's entries, a line each row, and a line with their number, without
/// which a file is not whole.
/// </summary>
internal sealed class JsonShardFormat : IShardFormat
{
    /// <summary>Called with what is about to happen (write, row, close, verify) and the file; may throw, as a disk does.</summary>
    public Action<string, string> Before { get; set; } = (_, _) => { };

    public string Extension => ".rows";

    public void Write(IDataView data, string path, IReadOnlyDictionary<string, string> footer, CancellationToken cancellationToken = default)
    {
        Before("write", path);
        using var stream = File.Create(path);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
        var entries = new SortedDictionary<string, string>(footer.ToDictionary(), StringComparer.Ordinal);
        writer.WriteLine(JsonSerializer.Serialize(new Header(ColumnsOf(data.Schema), entries)));
        using var cursor = data.GetRowCursor(data.Schema);
        var read = RowJson.Writer(cursor);
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Before("row", path);
            writer.WriteLine(read());
        }
        Before("close", path);
        writer.WriteLine(rows);
        stream.Flush(flushToDisk: true);
    }

    public ShardFooter ReadFooter(string path)
    {
        Before("verify", path);
        var lines = Lines(path);
        var header = JsonSerializer.Deserialize<Header>(lines[0])!;
        return new(lines.Length - 2, [.. header.Columns.Select(column => column.ToRecord())], header.Footer);
    }

    public RecordDataView Read(IReadOnlyList<string> paths) => new(new Source([.. paths.Select(Lines)]));

    /// <summary>A file's rows.</summary>
    public static string[] Rows(string path) => Lines(path)[1..^1];

    private static string[] Lines(string path)
    {
        var text = File.ReadAllText(path);
        var lines = text.Split('\n');
        return text.EndsWith('\n') && lines.Length > 2 && lines[^2] == $"{lines.Length - 3}"
            ? lines[..^1]
            : throw new PipelineException(ErrorCode.DamagedFile, $"'{path}' is not whole.");
    }

    private static Column[] ColumnsOf(DataViewSchema schema) =>
        [.. schema.Where(column => !column.IsHidden && !Nulls.IsCompanion(column))
            .Select(column => new Column(column.Name, column.Type.ToString()!, Nulls.CompanionOf(schema, column) is not null))];

    private sealed record Header(Column[] Columns, SortedDictionary<string, string> Footer);

    private sealed record Column(string Name, string Type, bool Nullable)
    {
        private static readonly PrimitiveDataViewType[] Scalars =
            [TextDataViewType.Instance, BooleanDataViewType.Instance, NumberDataViewType.Int32, NumberDataViewType.Int64, NumberDataViewType.Double];

        // What this format cannot read back it reads as its JSON.
        public RecordColumn ToRecord() => new(Name, Array.Find(Scalars, type => type.ToString() == Type) ?? TextDataViewType.Instance, Nullable);
    }

    private sealed class Source(string[][] files) : RecordSource
    {
        private readonly string[] _rows = [.. files.SelectMany(lines => lines[1..^1])];

        public override IReadOnlyList<RecordColumn> Columns { get; } =
            [.. JsonSerializer.Deserialize<Header>(files[0][0])!.Columns.Select(column => column.ToRecord())];

        public override long RowCount => _rows.Length;

        public override RecordReader Open(IReadOnlyList<bool> active, long firstRow, long count) =>
            new Reader(Columns, _rows, firstRow, Math.Min(firstRow + count, _rows.Length));
    }

    private sealed class Reader(IReadOnlyList<RecordColumn> columns, string[] rows, long first, long end) : RecordReader
    {
        private JsonElement _row;
        private long _next = first;

        public override long Row => _next - 1;

        public override bool MoveNext()
        {
            if (_next == end) return false;
            using var json = JsonDocument.Parse(rows[_next++]);
            _row = json.RootElement.Clone();
            return true;
        }

        public override ValueGetter<T> GetGetter<T>(int column) =>
            (ref T value) => value = IsNull(column) ? default! : (T)Value(Element(column), typeof(T));

        public override bool IsNull(int column) => Element(column).ValueKind == JsonValueKind.Null;

        public override void GetElementNulls(int column, ref VBuffer<bool> nulls) => nulls = default;

        private JsonElement Element(int column) => _row.GetProperty(columns[column].Name);

        private static object Value(JsonElement json, Type type) =>
            type == typeof(int) ? json.GetInt32()
            : type == typeof(long) ? json.GetInt64()
            : type == typeof(double) ? json.GetDouble()
            : type == typeof(bool) ? json.GetBoolean()
            : (json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText()).AsMemory();
    }
}
