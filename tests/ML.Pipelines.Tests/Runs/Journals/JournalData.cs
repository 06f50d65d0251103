using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Tests.Runs.Stores;

namespace ML.Pipelines.Tests.Runs.Journals;

/// <summary>Numbered calls with replies of several sizes, the large ones over several pages of a database.</summary>
internal static class JournalData
{
    /// <summary>The records that <see cref="AddAtOnce"/> adds.</summary>
    public const int AtOnce = 100;

    public static JournalKey Key(int call) => new($"row-{call % 7}", "rewrite", "model-1", $"{call:x64}");

    public static JournalReply Reply(int call) =>
        new($"reply {call}: {string.Join(' ', Enumerable.Range(0, call % 5 * 300))}", call, 2 * call, call % 2 == 0 ? null : "stop");

    /// <summary>Every thread adds and finds all calls; the first comer's reply is the same as all others'.</summary>
    public static void AddAtOnce(IReplyJournal journal) => Race.Run(thread =>
    {
        for (var i = 0; i < AtOnce; i++)
        {
            var call = ((i * 7) + (thread * 13)) % AtOnce + 1;
            Assert.IsTrue(journal.Find(Key(call)) is null || Equals(journal.Find(Key(call)), Reply(call)));
            journal.Add(Key(call), Reply(call));
            Assert.AreEqual(Reply(call), journal.Find(Key(call)));
        }
    });

    /// <summary>The journal holds the calls from 1 to a count, and no other.</summary>
    public static void AssertHolds(IReplyJournal journal, int count)
    {
        Assert.AreEqual(count, journal.Count);
        for (var call = 1; call <= count; call++) Assert.AreEqual(Reply(call), journal.Find(Key(call)), $"{call}");
        Assert.IsNull(journal.Find(Key(count + 1)));
    }
}
