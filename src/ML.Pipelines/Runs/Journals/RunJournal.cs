namespace ML.Pipelines.Runs.Journals;

/// <summary>
/// A run's journals behind one: a part's (a shard's, or Fit's) takes new replies, and Fit's is looked into as well. Opened with the
/// first call, so that a run without models makes no files.
/// </summary>
internal sealed class RunJournal : IReplyJournal
{
    /// <summary>The part that Fit's replies are kept in.</summary>
    public const string FitPart = "fit";

    private readonly Lock _lock = new();
    private readonly Dictionary<JournalKey, JournalReply> _used = [];
    private RunFolder? _folder;
    private string? _part;
    private IReplyJournal? _open;
    private IReplyJournal? _fit;
    private bool _hasFit;

    /// <summary>What the calls of the part took, each counted once, by the names that a plan gives to models.</summary>
    public IReadOnlyDictionary<string, ModelUsage> Usage(IReadOnlyDictionary<string, string> models)
    {
        lock (_lock)
        {
            var usage = new SortedDictionary<string, ModelUsage>(StringComparer.Ordinal);
            foreach (var (key, reply) in _used)
            {
                var name = models.FirstOrDefault(model => model.Value == key.Model).Key ?? key.Model;
                usage[name] = usage.GetValueOrDefault(name, ModelUsage.Zero).Add(new(1, reply.InputTokens, reply.OutputTokens));
            }
            return usage;
        }
    }

    public long Count
    {
        get
        {
            lock (_lock) return Part().Count;
        }
    }

    /// <summary>Goes on to a part.</summary>
    public void Begin(RunFolder folder, string part)
    {
        lock (_lock)
        {
            Close();
            (_folder, _part) = (folder, part);
            _hasFit = part != FitPart && folder.Store.List(RunFolder.JournalName(FitPart)).Any();
        }
    }

    public JournalReply? Find(JournalKey key)
    {
        lock (_lock)
        {
            var reply = Part().Find(key) ?? Fit()?.Find(key);
            if (reply is not null) Use(key, reply);
            return reply;
        }
    }

    public void Add(JournalKey key, JournalReply reply)
    {
        lock (_lock)
        {
            Part().Add(key, reply);
            Use(key, reply);
        }
    }

    /// <summary>Closes the part.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _open?.Dispose();
            _open = null;
            _used.Clear();
        }
    }

    public void Dispose()
    {
        Close();
        _fit?.Dispose();
        _fit = null;
    }

    // Only what the sums need is held.
    private void Use(JournalKey key, JournalReply reply) => _used.TryAdd(key, reply with { Reply = "" });

    private IReplyJournal Part()
    {
        if (_folder is null || _part is null) throw new InvalidOperationException("The run has not begun: nothing can be asked yet.");
        return _part == FitPart ? OpenFit() : _open ??= _folder.Store.OpenJournal(RunFolder.JournalName(_part));
    }

    private IReplyJournal? Fit() => _hasFit ? OpenFit() : null;

    private IReplyJournal OpenFit() => _fit ??= _folder!.Store.OpenJournal(RunFolder.JournalName(FitPart));
}
