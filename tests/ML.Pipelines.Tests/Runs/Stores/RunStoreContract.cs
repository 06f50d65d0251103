using System.Text;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Tests.Runs.Stores;

/// <summary>What every run store promises: files, which come whole and once.</summary>
public abstract partial class RunStoreContract
{
    private protected IRunStore Store => field ??= Open();

    /// <summary>A store at the place of the test, as another process would open it.</summary>
    private protected abstract IRunStore Open();

    /// <summary>Adds bytes to a file as a writer leaves them that dies in the middle of a line.</summary>
    private protected abstract void Tear(string name, string half);

    /// <summary>Leaves what a writer of a large file leaves that dies before it has its name.</summary>
    private protected abstract void LeaveBehind(string name, string content);

    [TestMethod]
    public void A_new_place_holds_nothing()
    {
        Assert.IsNull(Store.Length("plan.json"));
        Assert.IsNull(Store.Read("plan.json"));
        Assert.IsEmpty(Store.List(""));
        Assert.IsEmpty(Store.Leftovers());
        Store.Delete("data/part-00000.parquet");
        Store.DeleteJournal("journal/part-00000");
    }

    [TestMethod]
    public void A_file_that_is_not_there_cannot_be_fetched()
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => Store.Fetch("data/part-00000.parquet"));
        Assert.AreEqual(ErrorCode.FileNotFound, fault.Code);
        Assert.Contains(Store.Describe("data/part-00000.parquet"), fault.Message);
    }

    [TestMethod]
    public void A_name_is_told_with_its_place() => Assert.StartsWith(Store.Location, Store.Describe("data/part-00000.parquet"));

    [TestMethod]
    public void A_file_is_created_once_and_stays()
    {
        Assert.IsTrue(Store.TryCreate("plan.json", "first"u8));
        Assert.IsFalse(Store.TryCreate("plan.json", "second"u8));
        Assert.IsFalse(Open().TryCreate("plan.json", "first"u8));
        AssertHolds("plan.json", "first");
    }

    [TestMethod]
    public void One_of_many_threads_and_stores_creates_a_file()
    {
        for (var round = 0; round < 15; round++)
        {
            var name = $"shards/{round}";
            var created = Race.Run(i => (i % 2 == 0 ? Store : Open()).TryCreate(name, Encoding.UTF8.GetBytes($"of {i}")));
            Assert.AreEqual(1, created.Count(won => won), name);
            AssertHolds(name, $"of {Array.IndexOf(created, true)}");
        }
    }

    [TestMethod]
    public void A_file_is_replaced_whole()
    {
        Store.Replace("report.html", "a longer text"u8);
        Store.Replace("report.html", "short"u8);
        AssertHolds("report.html", "short");
        Assert.IsFalse(Store.TryCreate("report.html", "x"u8));
    }

    [TestMethod]
    public void Empty_files_and_all_bytes_are_kept()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        Store.Replace("bytes", bytes);
        Store.Replace("empty", []);
        Assert.IsTrue(Store.TryCreate("created", []));
        Assert.AreSequenceEqual(bytes, Store.Read("bytes")!);
        AssertHolds("empty", "");
        AssertHolds("created", "");
    }

    [TestMethod]
    public void Readers_see_the_old_or_the_new_file_and_never_a_part()
    {
        string[] texts = [new('a', 70_000), "bbb"];
        Store.Replace("state", Encoding.UTF8.GetBytes(texts[0]));
        Race.Run(i =>
        {
            for (var round = 0; round < 20; round++)
            {
                if (i < 2) Store.Replace("state", Encoding.UTF8.GetBytes(texts[(i + round) % 2]));
                else if (i < 6) Assert.Contains(Text("state"), texts);
                else Assert.Contains(Assert.ContainsSingle(Store.List("")).Bytes, texts.Select(text => (long)text.Length));
            }
        });
    }

    [TestMethod]
    public void Files_come_and_go_while_others_read() => Race.Run(i =>
    {
        for (var round = 0; round < 20; round++)
        {
            if (i < 2) Store.Replace($"data/{i}", "here"u8);
            else if (i < 4) Store.Delete($"data/{i - 2}");
            else if (i < 6) Assert.Contains(Text($"data/{i - 4}"), ["here", null]);
            else Assert.IsTrue(Store.List("data/").All(file => file.Bytes == 4));
        }
    });

    [TestMethod]
    public void A_deleted_file_is_gone_and_can_be_made_again()
    {
        Store.Replace("plan.json", "first"u8);
        Store.Delete("plan.json");
        Assert.IsNull(Store.Read("plan.json"));
        Assert.IsNull(Store.Length("plan.json"));
        Assert.IsEmpty(Store.List(""));
        Store.Delete("plan.json");
        Assert.IsTrue(Store.TryCreate("plan.json", "second"u8));
    }

    [TestMethod]
    public void Files_are_listed_by_prefix_in_ordinal_order_with_their_sizes()
    {
        foreach (var name in new[] { "data/part-10", "data/part-2", "data/B", "data/a", "data.json", "dat", "data-x", "evidence/data/a" })
            Store.Replace(name, Encoding.UTF8.GetBytes(name));
        AssertListed("data/", "data/B", "data/a", "data/part-10", "data/part-2");
        AssertListed("data/part-", "data/part-10", "data/part-2");
        AssertListed("data", "data-x", "data.json", "data/B", "data/a", "data/part-10", "data/part-2");
        AssertListed("", "dat", "data-x", "data.json", "data/B", "data/a", "data/part-10", "data/part-2", "evidence/data/a");
        AssertListed("none/");
    }

    [TestMethod]
    [DataRow("a b/c d.json")]
    [DataRow("50%/x%20y+z#1.json")]
    [DataRow("größe/日本語/𝒳.json")]
    public void Names_with_unusual_characters_are_kept(string name)
    {
        Assert.IsTrue(Store.TryCreate(name, "x"u8));
        AssertHolds(name, "x");
        AssertListed("", name);
        Assert.AreEqual("x", File.ReadAllText(Store.Fetch(name)));
        Store.Append(name + "l", "line\n"u8);
        AssertHolds(name + "l", "line\n");
        Store.Delete(name);
        Assert.IsNull(Store.Read(name));
    }

    [TestMethod]
    public void A_staged_file_is_there_with_its_commit_and_not_before()
    {
        var content = Staged("data/part-00000.parquet", 3_000_000);
        Assert.IsEmpty(Store.List(""));
        Assert.IsNull(Store.Length("data/part-00000.parquet"));
        Store.Commit("data/part-00000.parquet");
        AssertListed("", ("data/part-00000.parquet", 3_000_000));
        Assert.IsEmpty(Store.Leftovers());
        Assert.AreSequenceEqual(content, File.ReadAllBytes(Open().Fetch("data/part-00000.parquet")));
    }

    [TestMethod]
    public void What_is_staged_again_replaces_the_file()
    {
        Staged("data/part-00000.parquet", 1000);
        Store.Commit("data/part-00000.parquet");
        Store.Fetch("data/part-00000.parquet");
        Assert.IsFalse(File.Exists(Store.Stage("data/part-00000.parquet")));
        var content = Staged("data/part-00000.parquet", 10);
        Store.Commit("data/part-00000.parquet");
        Assert.AreEqual(10, Store.Length("data/part-00000.parquet"));
        Assert.AreSequenceEqual(content, File.ReadAllBytes(Store.Fetch("data/part-00000.parquet")));
    }

    [TestMethod]
    public void Files_of_one_name_in_several_folders_are_staged_and_fetched_at_once()
    {
        string[] names = ["data/part-0.parquet", "evidence/part-0.parquet", "part-0.parquet", "data/0/part-0.parquet"];
        var contents = names.Select((name, i) => Staged(name, 100 + i)).ToArray();
        foreach (var name in names) Store.Commit(name);
        var paths = Array.ConvertAll(names, Store.Fetch);
        for (var i = 0; i < names.Length; i++)
        {
            Assert.AreSequenceEqual(contents[i], File.ReadAllBytes(paths[i]));
            Assert.AreEqual("part-0.parquet", Path.GetFileName(paths[i]));
        }
    }

    [TestMethod]
    public void A_file_is_fetched_by_many_threads_at_once()
    {
        Staged("data/part-0.parquet", 500_000);
        Store.Commit("data/part-0.parquet");
        Assert.AreEqual(500_000L * Race.Threads, Race.Run(_ => new FileInfo(Store.Fetch("data/part-0.parquet")).Length).Sum());
    }

    [TestMethod]
    public void What_a_writer_that_died_left_is_told_and_removed()
    {
        Store.Replace("data/part-0.parquet", "whole"u8);
        LeaveBehind("data/part-1.parquet", "half");
        AssertListed("", ("data/part-0.parquet", 5));
        Assert.IsNull(Store.Length("data/part-1.parquet"));
        Assert.IsNull(Store.Read("data/part-1.parquet"));
        var left = Assert.ContainsSingle(Store.Leftovers());
        Assert.StartsWith("data/part-1.parquet", left.Name);
        Assert.AreEqual(4, left.Bytes);
        Store.Delete(left.Name);
        Assert.IsEmpty(Store.Leftovers());
        AssertListed("", ("data/part-0.parquet", 5));
    }

    [TestMethod]
    public void What_a_writer_that_died_left_does_not_stand_in_the_way()
    {
        LeaveBehind("data/part-1.parquet", "half");
        var content = Staged("data/part-1.parquet", 100);
        Store.Commit("data/part-1.parquet");
        Assert.AreSequenceEqual(content, Store.Read("data/part-1.parquet")!);
        LeaveBehind("plan.json", "{");
        Store.Replace("plan.json", "{}"u8);
        AssertHolds("plan.json", "{}");
    }

    private protected string? Text(string name) => Store.Read(name) is { } content ? Encoding.UTF8.GetString(content) : null;

    private protected void AssertHolds(string name, string expected)
    {
        Assert.AreEqual(expected, Text(name), name);
        Assert.AreEqual(Encoding.UTF8.GetByteCount(expected), Store.Length(name), name);
    }

    private void AssertListed(string prefix, params string[] names) =>
        Assert.AreSequenceEqual(names, Store.List(prefix).Select(file => file.Name));

    private void AssertListed(string prefix, (string Name, long Bytes) file) =>
        Assert.AreEqual(new StoredFile(file.Name, file.Bytes), Assert.ContainsSingle(Store.List(prefix)));

    private byte[] Staged(string name, int bytes)
    {
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        File.WriteAllBytes(Store.Stage(name), content);
        return content;
    }

    private protected static JournalKey Key(string payload) => new("row-1", "rewrite", "model-1", payload);

    private protected static JournalReply Reply(string text) => new(text, 3, 5, "stop");
}
