using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Runs.Journals;

[TestClass]
public sealed class SqliteJournalTests : FileTest
{
    private string Database => Path.Combine(Folder, "journal.sqlite");

    private string Log => Database + "-wal";

    [TestMethod]
    public void Replies_are_found_after_it_is_opened_again()
    {
        Fill(20);
        using var opened = new SqliteJournal(Database);
        JournalData.AssertHolds(opened, 20);
    }

    [TestMethod]
    public void The_first_reply_to_a_call_stays()
    {
        using (var journal = new SqliteJournal(Database))
        {
            journal.Add(JournalData.Key(1), JournalData.Reply(1));
            journal.Add(JournalData.Key(1), JournalData.Reply(2));
            Assert.AreEqual(JournalData.Reply(1), journal.Find(JournalData.Key(1)));
        }
        using var opened = new SqliteJournal(Database);
        opened.Add(JournalData.Key(1), JournalData.Reply(3));
        JournalData.AssertHolds(opened, 1);
    }

    [TestMethod]
    public void Many_threads_add_and_find_at_once()
    {
        using (var journal = new SqliteJournal(Database)) JournalData.AddAtOnce(journal);
        using var opened = new SqliteJournal(Database);
        JournalData.AssertHolds(opened, JournalData.AtOnce);
    }

    [TestMethod]
    public void A_log_that_is_cut_anywhere_in_its_last_record_keeps_all_earlier_records()
    {
        var (database, log, lengths) = CrashedAfter(6);
        for (var cut = lengths[^2]; cut <= lengths[^1]; cut += 16)
        {
            Put(database, log[..cut]);
            using var journal = new SqliteJournal(Database);
            JournalData.AssertHolds(journal, lengths.Count(length => length <= cut));
        }
    }

    [TestMethod]
    public void A_log_with_a_changed_byte_loses_what_follows_and_no_more()
    {
        var (database, log, lengths) = CrashedAfter(6);
        for (var at = lengths[^3]; at < lengths[^1]; at += 101)
        {
            var changed = log.ToArray();
            changed[at] ^= 0x10;
            Put(database, changed);
            using var journal = new SqliteJournal(Database);
            JournalData.AssertHolds(journal, lengths.Count(length => length <= at));
        }
    }

    [TestMethod]
    public void What_is_added_after_a_crash_is_kept()
    {
        var (database, log, lengths) = CrashedAfter(6);
        Put(database, log[..(lengths[^1] - 1)]);
        using (var journal = new SqliteJournal(Database)) journal.Add(JournalData.Key(6), JournalData.Reply(6));
        using var opened = new SqliteJournal(Database);
        JournalData.AssertHolds(opened, 6);
    }

    [TestMethod]
    public void A_cut_file_is_refused()
    {
        Fill(20);
        var whole = File.ReadAllBytes(Database);
        foreach (var cut in Enumerable.Range(1, whole.Length - 1).Where(cut => cut % 509 == 0 || cut % 4096 is 0 or 1 or 4095))
        {
            Put(whole[..cut], null);
            var fault = Throws(ErrorCode.DamagedFile, () => new SqliteJournal(Database).Dispose());
            Assert.Contains(Database, fault.Message);
        }
    }

    [TestMethod]
    public void A_cut_file_whose_log_is_there_never_gives_a_wrong_reply()
    {
        Fill(20);
        using (var journal = new SqliteJournal(Database))
        {
            for (var call = 21; call <= 24; call++) journal.Add(JournalData.Key(call), JournalData.Reply(call));
            File.Copy(Log, Log + ".copy");
        }
        var (whole, log) = (File.ReadAllBytes(Database), File.ReadAllBytes(Log + ".copy"));
        for (var cut = 4096; cut < whole.Length; cut += 1021)
        {
            Put(whole[..cut], log);
            AssertNeverWrong(24);
        }
    }

    [TestMethod]
    public void A_file_with_a_changed_byte_never_gives_a_wrong_reply()
    {
        Fill(20);
        var whole = File.ReadAllBytes(Database);
        for (var at = 0; at < whole.Length; at += 211)
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x11;
            Put(changed, null);
            AssertNeverWrong(20);
        }
    }

    [TestMethod]
    public void A_file_of_another_kind_is_refused()
    {
        File.WriteAllText(Database, string.Concat(Enumerable.Repeat("no database\n", 1000)));
        Throws(ErrorCode.DamagedFile, () => new SqliteJournal(Database).Dispose());
    }

    [TestMethod]
    public void A_process_that_died_while_it_made_the_file_does_not_block_it()
    {
        File.WriteAllText(Database, "");
        using var journal = new SqliteJournal(Database);
        Assert.AreEqual(0, journal.Count);
    }

    private void Fill(int records)
    {
        using var journal = new SqliteJournal(Database);
        for (var call = 1; call <= records; call++) journal.Add(JournalData.Key(call), JournalData.Reply(call));
    }

    /// <summary>The files as a process leaves them that dies, and the length of the log after each record.</summary>
    private (byte[] Database, byte[] Log, int[] Lengths) CrashedAfter(int records)
    {
        var lengths = new int[records];
        using var journal = new SqliteJournal(Database);
        for (var call = 1; call <= records; call++)
        {
            journal.Add(JournalData.Key(call), JournalData.Reply(call));
            lengths[call - 1] = (int)new FileInfo(Log).Length;
        }
        return (Read(Database), Read(Log), lengths);
    }

    private void Put(byte[] database, byte[]? log)
    {
        foreach (var file in SqliteJournal.FileNames(Database)) File.Delete(file);
        File.WriteAllBytes(Database, database);
        if (log is not null) File.WriteAllBytes(Log, log);
    }

    private void AssertNeverWrong(int records)
    {
        try
        {
            using var journal = new SqliteJournal(Database);
            for (var call = 1; call <= records; call++)
                Assert.IsTrue(journal.Find(JournalData.Key(call)) is not { } found || found == JournalData.Reply(call), $"{call}");
        }
        catch (PipelineException fault)
        {
            Assert.AreEqual(ErrorCode.DamagedFile, fault.Code, fault.Message);
        }
    }

    private static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
