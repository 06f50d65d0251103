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
    private long _lines;

    /// <summary>Opens a journal.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The journal's name; its files are <c>name/0000.jsonl</c> and so on.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DamagedFile"/>: a whole line is no record.</exception>
    public LogJournal(IRunStore store, string name)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_store, _name) = (store, name);
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
            _store.Append(FileName(_lines / LinesPerFile), Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Line(key, reply)) + "\n"));
            _lines++;
            _replies.Add(key, reply);
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private string FileName(long file) => $"{_name}/{file:D4}.jsonl";

    // What follows the last line end is of a writer that died.
    private void Load(string file)
    {
        var lines = Encoding.UTF8.GetString(_store.Read(file) ?? []).Split('\n')[..^1];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = Parse(file, lines[i], i + 1);
            _replies.TryAdd(line.Key, line.Reply);
        }
        _lines += lines.Length;
    }

    private Line Parse(string file, string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(line) ?? throw Damaged(file, number, null);
        }
        catch (JsonException fault)
        {
            throw Damaged(file, number, fault);
        }
    }

    private PipelineException Damaged(string file, int number, Exception? fault) => new(ErrorCode.DamagedFile,
        $"{_store.Describe(file)}:{number}: not a journal's line: {fault?.Message} Remove the file: its calls are made and paid for again then.",
        fault);

    private sealed record Line(JournalKey Key, JournalReply Reply);
}
