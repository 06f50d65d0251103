using System.Globalization;
using System.Text;
using System.Text.Json;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Runs.Journals;

/// <summary>A journal of appended JSON lines, for stores where SQLite cannot lock and map files. Its replies are held in memory.</summary>
public sealed class LogJournal : IReplyJournal
{
    /// <summary>Lines a file: blob services take at most 50,000 appends to a blob.</summary>
    private const int LinesPerFile = 40_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<JournalKey, JournalReply> _replies = [];
    private readonly IRunStore _store;
    private readonly string _name;
    private readonly int _linesPerFile;
    // The file that takes the next line, and the lines in it.
    private int _file, _lines;

    /// <summary>Opens a journal.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The journal's name; its files are <c>name/0000.jsonl</c> and so on.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DamagedFile"/>: a whole line is no record.</exception>
    public LogJournal(IRunStore store, string name) : this(store, name, LinesPerFile) { }

    internal LogJournal(IRunStore store, string name, int linesPerFile)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_store, _name, _linesPerFile) = (store, name, linesPerFile);
        foreach (var file in store.List(name + "/")) Load(file.Name);
    }

    /// <inheritdoc/>
    public long Count
    {
        get
        {
            lock (_lock) return _replies.Count;
        }
    }

    /// <inheritdoc/>
    public JournalReply? Find(JournalKey key)
    {
        lock (_lock) return _replies.GetValueOrDefault(key);
    }

    /// <inheritdoc/>
    public void Add(JournalKey key, JournalReply reply)
    {
        lock (_lock)
        {
            if (_replies.ContainsKey(key)) return;
            if (_lines >= _linesPerFile) (_file, _lines) = (_file + 1, 0);
            _store.Append($"{_name}/{_file:D4}.jsonl", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Line(key, reply)) + "\n"));
            _lines++;
            _replies.Add(key, reply);
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    // What follows the last line end is of a writer that died.
    private void Load(string file)
    {
        var lines = Encoding.UTF8.GetString(_store.Read(file) ?? []).Split('\n')[..^1];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = Parse(file, lines[i], i + 1);
            _replies.TryAdd(line.Key, line.Reply);
        }
        (_file, _lines) = (NumberOf(file), lines.Length);
    }

    private int NumberOf(string file) =>
        int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new PipelineException(ErrorCode.DamagedFile, $"{_store.Describe(file)} is no file of a journal. Move it away.");

    private Line Parse(string file, string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(line) is { } read && IsWhole(read) ? read : throw Damaged(file, number, null);
        }
        catch (JsonException fault)
        {
            throw Damaged(file, number, fault);
        }
    }

    // What a line lacks is null, whatever the types say.
    private static bool IsWhole(Line line) =>
        line is { Key: { RowId: not null, Stage: not null, Model: not null, Payload: not null }, Reply.Reply: not null };

    private PipelineException Damaged(string file, int number, Exception? fault) => new(ErrorCode.DamagedFile,
        $"{_store.Describe(file)}:{number}: not a journal's line: {fault?.Message ?? "It lacks a part of a call or its reply."} "
        + "Remove the file: its calls are made and paid for again then.", fault);

    private sealed record Line(JournalKey Key, JournalReply Reply);
}
