using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Runs.Journals;

[TestClass]
public sealed class LogJournalTests : FileTest
{
    private const string Name = "journal/part-0";

    private LocalRunStore Store => field ??= new(Folder);

    private string Log(int file = 0) => Store.Describe($"{Name}/{file:D4}.jsonl");

    [TestMethod]
    public void Replies_are_found_after_it_is_opened_again()
    {
        using (var journal = new LogJournal(Store, Name))
        {
            journal.Add(JournalData.Key(1), JournalData.Reply(1));
            journal.Add(JournalData.Key(2), new("two\nlines \"quoted\" 日本 \u2028", 0, 0, null));
        }
        using var opened = new LogJournal(Store, Name);
        Assert.AreEqual(2, opened.Count);
        Assert.AreEqual(JournalData.Reply(1), opened.Find(JournalData.Key(1)));
        Assert.AreEqual(new("two\nlines \"quoted\" 日本 \u2028", 0, 0, null), opened.Find(JournalData.Key(2)));
        Assert.IsNull(opened.Find(JournalData.Key(3)));
    }

    [TestMethod]
    public void The_first_reply_to_a_call_stays()
    {
        using (var journal = new LogJournal(Store, Name))
        {
            journal.Add(JournalData.Key(1), JournalData.Reply(1));
            journal.Add(JournalData.Key(1), JournalData.Reply(2));
        }
        using var opened = new LogJournal(Store, Name);
        opened.Add(JournalData.Key(1), JournalData.Reply(3));
        Assert.AreEqual(JournalData.Reply(1), opened.Find(JournalData.Key(1)));
        Assert.HasCount(1, File.ReadAllLines(Log()));
    }

    [TestMethod]
    public void A_log_that_is_cut_at_any_byte_of_its_last_record_is_recovered_without_it()
    {
        Fill(5);
        var whole = File.ReadAllBytes(Log());
        var last = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        for (var cut = last; cut < whole.Length; cut++)
        {
            File.WriteAllBytes(Log(), whole[..cut]);
            using (var journal = new LogJournal(Store, Name))
            {
                JournalData.AssertHolds(journal, 4);
                journal.Add(JournalData.Key(5), JournalData.Reply(5));
            }
            Assert.AreSequenceEqual(whole, File.ReadAllBytes(Log()));
        }
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("half a {line")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("""{"Key":{"RowId":"r","Stage":"s","Model":"m","Payload":"p"}}""")]
    [DataRow("""{"Key":{"RowId":"r","Stage":"s","Model":"m"},"Reply":{"Reply":"x","InputTokens":1,"OutputTokens":1}}""")]
    [DataRow("""{"Key":{"RowId":"r","Stage":"s","Model":"m","Payload":"p"},"Reply":{"Reply":null,"InputTokens":1,"OutputTokens":1}}""")]
    public void A_whole_line_that_is_no_record_is_refused_with_its_place(string line)
    {
        Fill(2);
        File.AppendAllText(Log(), line + "\n");
        var fault = Throws(ErrorCode.DamagedFile, () => new LogJournal(Store, Name).Dispose());
        Assert.StartsWith($"{Log()}:3: ", fault.Message);
    }

    [TestMethod]
    public void Many_threads_add_and_find_at_once()
    {
        using (var journal = new LogJournal(Store, Name)) JournalData.AddAtOnce(journal);
        using var opened = new LogJournal(Store, Name);
        JournalData.AssertHolds(opened, JournalData.AtOnce);
        Assert.HasCount(JournalData.AtOnce, File.ReadAllLines(Log()));
    }

    [TestMethod]
    public void A_file_takes_so_many_lines_and_then_the_next_is_begun()
    {
        Fill(7, linesPerFile: 3);
        Assert.AreSequenceEqual([3, 3, 1], Enumerable.Range(0, 3).Select(file => File.ReadAllLines(Log(file)).Length));
        using (var journal = new LogJournal(Store, Name, linesPerFile: 3))
        {
            JournalData.AssertHolds(journal, 7);
            for (var i = 8; i <= 10; i++) journal.Add(JournalData.Key(i), JournalData.Reply(i));
        }
        Assert.AreSequenceEqual([3, 3, 3, 1], Enumerable.Range(0, 4).Select(file => File.ReadAllLines(Log(file)).Length));
        using var opened = new LogJournal(Store, Name);
        JournalData.AssertHolds(opened, 10);
    }

    [TestMethod]
    public void Lines_go_to_the_last_file_when_an_earlier_one_was_removed()
    {
        Fill(7, linesPerFile: 3);
        File.Delete(Log(0));
        using (var journal = new LogJournal(Store, Name, linesPerFile: 3))
            for (var i = 1; i <= 3; i++) journal.Add(JournalData.Key(i), JournalData.Reply(i));
        Assert.AreSequenceEqual([3, 3, 1], Enumerable.Range(1, 3).Select(file => File.ReadAllLines(Log(file)).Length));
        using var opened = new LogJournal(Store, Name);
        JournalData.AssertHolds(opened, 7);
    }

    private void Fill(int records, int linesPerFile = 40_000)
    {
        using var journal = new LogJournal(Store, Name, linesPerFile);
        for (var i = 1; i <= records; i++) journal.Add(JournalData.Key(i), JournalData.Reply(i));
    }
}
