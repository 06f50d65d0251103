using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed class ManifestTests : FileTest
{
    private string File => Path.Combine(Folder, Manifest.FileName);

    [TestMethod]
    public void Without_a_manifest_nothing_is_sealed() => Assert.IsEmpty(Manifest.Read(Folder));

    [TestMethod]
    public void Entries_read_back_in_the_order_of_sealing()
    {
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00001"));
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00000"));
        Assert.AreSequenceEqual(["part-00001", "part-00000"], Manifest.Read(Folder).Select(entry => entry.Shard));
    }

    [TestMethod]
    public void An_entry_is_one_line_with_the_names_of_the_contract()
    {
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00000"));
        Assert.AreEqual(
            """{"shard":"part-00000","rowsIn":9,"rowsKept":5,"rowsOut":6,"dropped":{"cut-off":1},"quarantined":3,"bytes":100,"sha256":"ab","schemaHash":"cd","tokensBefore":50,"tokensAfter":40}""" + "\n",
            System.IO.File.ReadAllText(File));
    }

    [TestMethod]
    public void An_entry_keeps_all_its_numbers()
    {
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00000"));
        var entry = Manifest.Read(Folder).Single();
        Assert.AreEqual(Entry("part-00000") with { Dropped = entry.Dropped }, entry);
        Assert.AreEqual(1, entry.Dropped["cut-off"]);
    }

    [TestMethod]
    [DataRow("{\"shard\": \"part-")]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("{}")]
    public void A_damaged_line_is_named_with_its_number(string line)
    {
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00000"));
        System.IO.File.AppendAllText(File, line + "\n");
        var fault = Throws(ErrorCode.DamagedFile, () => Manifest.Read(Folder));
        Assert.StartsWith($"{File}:2: not a manifest entry:", fault.Message);
    }

    [TestMethod]
    public void A_shard_that_is_listed_twice_is_damage()
    {
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00000"));
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00000"));
        Assert.StartsWith($"{File}:2:", Throws(ErrorCode.DamagedFile, () => Manifest.Read(Folder)).Message);
    }

    [TestMethod]
    public void A_line_without_its_end_is_no_entry()
    {
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00000"));
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00001"));
        var text = System.IO.File.ReadAllText(File);
        System.IO.File.WriteAllText(File, text[..^1]);
        Assert.HasCount(1, Manifest.Read(Folder));
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00001"));
        Assert.AreEqual(text, System.IO.File.ReadAllText(File));
    }

    [TestMethod]
    public void A_manifest_of_one_torn_line_is_empty()
    {
        Write(Manifest.FileName, "{\"shard\"");
        Assert.IsEmpty(Manifest.Read(Folder));
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00000"));
        Assert.HasCount(1, Manifest.Read(Folder));
    }

    [TestMethod]
    public void The_manifest_can_be_read_while_a_run_holds_it_open()
    {
        Manifest.Append(new LocalRunStore(Folder), RunSlice.Whole, Entry("part-00000"));
        using var writer = new FileStream(File, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        Assert.HasCount(1, Manifest.Read(Folder));
    }

    private static ManifestEntry Entry(string shard) => new()
    {
        Shard = shard,
        RowsIn = 9,
        RowsKept = 5,
        RowsOut = 6,
        Dropped = new Dictionary<string, long> { ["cut-off"] = 1 },
        Quarantined = 3,
        Bytes = 100,
        Sha256 = "ab",
        SchemaHash = "cd",
        TokensBefore = 50,
        TokensAfter = 40,
    };
}
