using System.Text;

namespace ML.Pipelines.Tests.Runs.Stores;

/// <summary>What every run store promises: appended lines, locks and journals.</summary>
public abstract partial class RunStoreContract
{
    [TestMethod]
    public void Appended_lines_stand_in_order()
    {
        Store.Append("manifest.jsonl", "first\n"u8);
        Store.Append("manifest.jsonl", "second\n"u8);
        AssertHolds("manifest.jsonl", "first\nsecond\n");
        Open().Append("manifest.jsonl", "third\n"u8);
        AssertHolds("manifest.jsonl", "first\nsecond\nthird\n");
        AssertListed("", ("manifest.jsonl", 19));
    }

    [TestMethod]
    public void Writers_of_which_one_works_at_a_time_append_in_turn()
    {
        var other = Open();
        for (var i = 0; i < 4; i++) (i % 2 == 0 ? Store : other).Append("manifest.jsonl", "the same line\n"u8);
        AssertHolds("manifest.jsonl", string.Concat(Enumerable.Repeat("the same line\n", 4)));
    }

    [TestMethod]
    public void A_line_that_was_torn_goes_with_the_next()
    {
        Store.Append("manifest.jsonl", "first\n"u8);
        Tear("manifest.jsonl", "seco");
        Open().Append("manifest.jsonl", "second\n"u8);
        AssertHolds("manifest.jsonl", "first\nsecond\n");
        Open().Append("manifest.jsonl", "third\n"u8);
        AssertHolds("manifest.jsonl", "first\nsecond\nthird\n");
    }

    [TestMethod]
    public void A_torn_first_line_goes_with_the_next()
    {
        Tear("manifest.jsonl", "fir");
        Store.Append("manifest.jsonl", "first\n"u8);
        AssertHolds("manifest.jsonl", "first\n");
    }

    [TestMethod]
    public void Lines_are_appended_to_a_file_that_was_written_whole()
    {
        Store.TryCreate("created", "first\n"u8);
        Store.Replace("replaced", "first\nseco"u8);
        foreach (var name in new[] { "created", "replaced" })
        {
            Store.Append(name, "second\n"u8);
            Store.Append(name, "third\n"u8);
            AssertHolds(name, "first\nsecond\nthird\n");
        }
    }

    [TestMethod]
    public void Appended_lines_are_replaced_and_appended_to_again()
    {
        Store.Append("manifest.jsonl", "first\n"u8);
        Store.Replace("manifest.jsonl", "other\n"u8);
        AssertHolds("manifest.jsonl", "other\n");
        Store.Append("manifest.jsonl", "second\n"u8);
        AssertHolds("manifest.jsonl", "other\nsecond\n");
        Store.Delete("manifest.jsonl");
        Store.Append("manifest.jsonl", "new\n"u8);
        AssertHolds("manifest.jsonl", "new\n");
    }

    [TestMethod]
    public void Lines_of_several_files_are_appended_at_once_and_read_meanwhile()
    {
        Race.Run(i =>
        {
            for (var line = 0; line < 10; line++)
            {
                Store.Append($"log-{i}", Encoding.UTF8.GetBytes($"{line}\n"));
                Assert.AreEqual(string.Concat(Enumerable.Range(0, line + 1).Select(n => $"{n}\n")), Text($"log-{i}"));
            }
        });
        Assert.HasCount(Race.Threads, Store.List("log-"));
    }

    [TestMethod]
    public void A_lock_keeps_others_out_until_it_is_released()
    {
        using (var held = Store.TryLock("locks/run"))
        {
            Assert.IsNotNull(held);
            Assert.IsFalse(held.Lost.IsCancellationRequested);
            Assert.IsNull(Store.TryLock("locks/run"));
            Assert.IsNull(Open().TryLock("locks/run"));
            using var other = Open().TryLock("locks/other");
            Assert.IsNotNull(other);
            held.Dispose();
            using var next = Open().TryLock("locks/run");
            Assert.IsNotNull(next);
            Assert.IsFalse(held.Lost.IsCancellationRequested);
        }
        using var last = Store.TryLock("locks/run");
        Assert.IsNotNull(last);
    }

    [TestMethod]
    public void One_of_many_threads_holds_a_lock()
    {
        var locks = Race.Run(i => (i % 2 == 0 ? Store : Open()).TryLock("run.lock"));
        var held = Assert.ContainsSingle(locks.Where(taken => taken is not null));
        held!.Dispose();
        using var next = Store.TryLock("run.lock");
        Assert.IsNotNull(next);
    }

    [TestMethod]
    public void A_journal_finds_what_was_added_after_it_is_opened_again()
    {
        using (var journal = Store.OpenJournal("journal/part-0"))
        {
            journal.Add(Key("a"), Reply("to a"));
            journal.Add(Key("b"), new("to b\nin \"lines\" 日本", 0, 0, null));
            Assert.AreEqual(Reply("to a"), journal.Find(Key("a")));
            Assert.IsNull(journal.Find(Key("c")));
        }
        using var opened = Open().OpenJournal("journal/part-0");
        Assert.AreEqual(2, opened.Count);
        Assert.AreEqual(Reply("to a"), opened.Find(Key("a")));
        Assert.AreEqual(new("to b\nin \"lines\" 日本", 0, 0, null), opened.Find(Key("b")));
        Assert.IsNull(opened.Find(Key("a") with { RowId = "row-2" }));
        opened.Add(Key("c"), Reply("to c"));
        Assert.AreEqual(3, opened.Count);
    }

    [TestMethod]
    public void A_journal_keeps_the_first_reply()
    {
        using (var journal = Store.OpenJournal("journal/part-0"))
        {
            journal.Add(Key("a"), Reply("first"));
            journal.Add(Key("a"), Reply("second"));
        }
        using var opened = Open().OpenJournal("journal/part-0");
        opened.Add(Key("a"), Reply("third"));
        Assert.AreEqual(Reply("first"), opened.Find(Key("a")));
        Assert.AreEqual(1, opened.Count);
    }

    [TestMethod]
    public void A_deleted_journal_is_gone_and_its_neighbours_stay()
    {
        string[] names = ["journal/part-1", "journal/part-10", "journal/part"];
        foreach (var name in names)
        {
            using var journal = Store.OpenJournal(name);
            journal.Add(Key(name), Reply(name));
        }
        Store.DeleteJournal("journal/part-1");
        Store.DeleteJournal("journal/part");
        foreach (var name in names)
        {
            using var journal = Open().OpenJournal(name);
            Assert.AreEqual(name == "journal/part-10" ? 1 : 0, journal.Count, name);
        }
    }
}
