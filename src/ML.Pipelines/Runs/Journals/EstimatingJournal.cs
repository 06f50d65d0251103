using System.Collections.Concurrent;

namespace ML.Pipelines.Runs.Journals;

/// <summary>Tells what each call would take, once however often it is made: for a plan's estimate. Keeps replies in memory.</summary>
/// <param name="report">Is told what a new call took; from any thread.</param>
public sealed class EstimatingJournal(Action<ModelUsage> report) : IReplyJournal
{
    private readonly ConcurrentDictionary<JournalKey, JournalReply> _replies = new();

    /// <inheritdoc/>
    public long Count => _replies.Count;

    /// <inheritdoc/>
    public JournalReply? Find(JournalKey key) => _replies.GetValueOrDefault(key);

    /// <inheritdoc/>
    public void Add(JournalKey key, JournalReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (_replies.TryAdd(key, reply)) report(new(1, reply.InputTokens, reply.OutputTokens));
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
