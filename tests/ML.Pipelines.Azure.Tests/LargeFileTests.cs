using Azure.Core;
using Azure.Storage.Blobs.Specialized;

namespace ML.Pipelines.Azure.Tests;

[TestClass]
public sealed class LargeFileTests : AzureTest
{
    private const string Name = "data/part-0.parquet";

    // For what would never come if the code were wrong.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [TestMethod]
    public void A_large_file_is_sent_in_blocks_several_at_once_and_is_there_with_the_list_of_them()
    {
        Container().Create();
        var store = Open();
        var content = Stage(store, (3 * AzureRunStore.BlockBytes) + 1);
        var (underWay, second) = (0, new TaskCompletionSource());
        var seen = new List<long?>();
        Network.Sending = request =>
        {
            if (Query(request, "comp=blocklist")) seen.Add(OpenOther().Length(Name));
            if (!Query(request, "comp=block&")) return Task.CompletedTask;
            if (Interlocked.Increment(ref underWay) == 2) second.SetResult();
            return second.Task.WaitAsync(Deadline);
        };
        store.Commit(Name);
        Assert.AreEqual(4, Network.Sent.Count(sent => sent.Contains("comp=block&", StringComparison.Ordinal)));
        Assert.IsNull(Assert.ContainsSingle(seen));
        Assert.IsFalse(File.Exists(store.Stage(Name)));
        Assert.AreSequenceEqual(content, File.ReadAllBytes(OpenOther().Fetch(Name)));
    }

    [TestMethod]
    public void A_file_of_which_a_block_cannot_be_sent_is_not_there_and_can_be_committed_again()
    {
        Container().Create();
        var store = Open(TimeSpan.FromMilliseconds(100));
        var content = Stage(store, (2 * AzureRunStore.BlockBytes) + 1);
        var blocks = 0;
        Network.LosesRequest = request => Query(request, "comp=block&") && Interlocked.Increment(ref blocks) > 1;
        Throws(ErrorCode.StoreUnreachable, () => store.Commit(Name));
        Assert.IsNull(OpenOther().Length(Name));
        Assert.AreEqual(Name, Assert.ContainsSingle(OpenOther().Leftovers()).Name);
        Network.LosesRequest = _ => false;
        store.Commit(Name);
        Assert.IsEmpty(OpenOther().Leftovers());
        Assert.AreSequenceEqual(content, OpenOther().Read(Name)!);
    }

    [TestMethod]
    public void A_file_is_fetched_again_only_when_it_changed()
    {
        var store = Open();
        store.Replace(Name, "first"u8);
        var first = store.Fetch(Name);
        var downloads = Downloads();
        Assert.AreEqual(first, store.Fetch(Name));
        Assert.AreEqual(downloads, Downloads());
        OpenOther().Replace(Name, "second"u8);
        Assert.AreEqual("second", File.ReadAllText(store.Fetch(Name)));
        Assert.AreEqual("first", File.ReadAllText(first));
        store.Delete(Name);
        Throws(ErrorCode.FileNotFound, () => store.Fetch(Name));
    }

    [TestMethod]
    public void A_file_that_changes_while_it_is_fetched_comes_whole()
    {
        var store = Open();
        store.Replace(Name, "first"u8);
        var changes = 0;
        Network.Sending = request =>
        {
            if (request.Method == RequestMethod.Get && Interlocked.Increment(ref changes) <= 2) OpenOther().Replace(Name, "second"u8);
            return Task.CompletedTask;
        };
        Assert.AreEqual("second", File.ReadAllText(store.Fetch(Name)));
        Assert.AreEqual(3, changes);
    }

    [TestMethod]
    public void A_file_may_be_written_over_one_whose_lines_were_appended()
    {
        var store = Open();
        store.Append(Name, "line\n"u8);
        RefuseOtherTypes();
        store.Replace(Name, "whole"u8);
        Assert.AreEqual("whole", Text(Name));
    }

    [TestMethod]
    public void A_large_file_may_be_written_over_one_whose_lines_were_appended()
    {
        var store = Open();
        store.Append(Name, "line\n"u8);
        RefuseOtherTypes();
        var content = Stage(store, 1000);
        store.Commit(Name);
        Assert.AreSequenceEqual(content, OpenOther().Read(Name)!);
    }

    [TestMethod]
    public void Half_a_line_of_another_program_that_the_service_does_not_let_go_is_told_and_nothing_is_lost()
    {
        Container().Create();
        var blob = Container().GetAppendBlobClient("out/manifest.jsonl");
        blob.Create();
        blob.AppendBlock(new MemoryStream("first\nhal"u8.ToArray()));
        RefuseOtherTypes();
        var fault = Throws(ErrorCode.DamagedFile, () => Open().Append("manifest.jsonl", "second\n"u8));
        Assert.Contains("manifest.jsonl", fault.Message);
        Assert.AreEqual("first\nhal", Text("manifest.jsonl"));
    }

    // The emulator lets one type of blob be written over another; the service does not.
    private void RefuseOtherTypes()
    {
        var isDeleted = false;
        Network.Answers = request =>
        {
            isDeleted |= request.Method == RequestMethod.Delete;
            return !isDeleted && Has(request, "x-ms-blob-type", "BlockBlob") ? (409, "InvalidBlobType") : null;
        };
    }

    private int Downloads() => Network.Sent.Count(sent => sent.StartsWith("GET part-0.parquet", StringComparison.Ordinal));

    private static byte[] Stage(AzureRunStore store, int bytes)
    {
        var content = new byte[bytes];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(store.Stage(Name), content);
        return content;
    }
}
