namespace ML.Pipelines.Runs.Journals;

/// <summary>
/// The replies of models to a part of a run: a call is made once, whatever is killed afterwards. One process at a time, any threads.
/// </summary>
public interface IReplyJournal : IDisposable
{
    /// <summary>The reply to a call; null where it was not made.</summary>
    JournalReply? Find(JournalKey key);

    /// <summary>Keeps a reply; on disk when this returns. A call that is there already keeps its first reply.</summary>
    void Add(JournalKey key, JournalReply reply);

    /// <summary>The number of replies.</summary>
    long Count { get; }
}

/// <summary>What identifies a call: the same call has the same reply.</summary>
/// <param name="RowId">The row's id.</param>
/// <param name="Stage">The stage that calls.</param>
/// <param name="Model">The model's fingerprint.</param>
/// <param name="Payload">SHA-256 over all that is sent, lower-case hexadecimal.</param>
public readonly record struct JournalKey(string RowId, string Stage, string Model, string Payload);

/// <summary>A reply and what it took.</summary>
/// <param name="Reply">The reply, as its caller encodes it.</param>
/// <param name="InputTokens">Tokens that the model read; 0 where it does not tell.</param>
/// <param name="OutputTokens">Tokens that the model wrote; 0 where it does not tell.</param>
/// <param name="FinishReason">Why the model stopped; null where it does not tell.</param>
public sealed record JournalReply(string Reply, long InputTokens, long OutputTokens, string? FinishReason);
