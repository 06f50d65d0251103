using System.Text;
using Azure.Core;
using Azure.Storage.Blobs.Specialized;

namespace ML.Pipelines.Azure.Tests;

/// <summary>The service did what it was asked and the answer was lost: the next try must not do it twice or see another's work.</summary>
[TestClass]
public sealed class LostAnswerTests : AzureTest
{
    [TestMethod]
    public void A_created_file_is_its_creators()
    {
        var store = Open();
        store.Replace("other", "x"u8);
        Network.LosesAnswer = FaultyTransport.First(Writes);
        Assert.IsTrue(store.TryCreate("plan.json", "mine"u8));
        Assert.IsFalse(store.TryCreate("plan.json", "mine"u8));
        Assert.IsFalse(OpenOther().TryCreate("plan.json", "mine"u8));
    }

    [TestMethod]
    public void A_file_that_another_created_meanwhile_is_the_others()
    {
        var store = Open();
        store.Replace("other", "x"u8);
        Network.LosesRequest = FaultyTransport.First(request => Writes(request) && OpenOther().TryCreate("plan.json", "same"u8));
        Assert.IsFalse(store.TryCreate("plan.json", "same"u8));
    }

    [TestMethod]
    public void Lines_are_appended_once()
    {
        var store = Open(TimeSpan.FromMilliseconds(200));
        var lost = 0;
        Network.LosesAnswer = request => Query(request, "comp=appendblock") && Interlocked.Increment(ref lost) % 3 != 0;
        for (var line = 0; line < 6; line++) store.Append("manifest.jsonl", Encoding.UTF8.GetBytes($"{line}\n"));
        Assert.AreEqual("0\n1\n2\n3\n4\n5\n", Text("manifest.jsonl"));
        Assert.IsGreaterThan(6, lost);
    }

    [TestMethod]
    public void Equal_lines_are_appended_as_often_as_asked()
    {
        var store = Open(TimeSpan.FromMilliseconds(200));
        var lost = 0;
        Network.LosesAnswer = request => Query(request, "comp=appendblock") && Interlocked.Increment(ref lost) % 2 == 1;
        for (var line = 0; line < 5; line++) store.Append("manifest.jsonl", "same\n"u8);
        Assert.AreEqual(string.Concat(Enumerable.Repeat("same\n", 5)), Text("manifest.jsonl"));
    }

    [TestMethod]
    public void A_line_that_never_arrived_is_sent_again()
    {
        var store = Open();
        store.Append("manifest.jsonl", "first\n"u8);
        Network.LosesRequest = FaultyTransport.First(Writes);
        store.Append("manifest.jsonl", "second\n"u8);
        Assert.AreEqual("first\nsecond\n", Text("manifest.jsonl"));
    }

    [TestMethod]
    public void The_first_line_is_appended_once_to_the_blob_that_was_made()
    {
        var store = Open();
        store.Replace("other", "x"u8);
        Network.LosesAnswer = FaultyTransport.First(request => Has(request, "x-ms-blob-type", "AppendBlob"));
        store.Append("manifest.jsonl", "first\n"u8);
        Assert.AreEqual("first\n", Text("manifest.jsonl"));
    }

    [TestMethod]
    public void A_line_is_added_once_to_a_file_that_was_written_whole()
    {
        var store = Open();
        store.Replace("manifest.jsonl", "first\n"u8);
        Network.LosesAnswer = FaultyTransport.First(Writes);
        store.Append("manifest.jsonl", "second\n"u8);
        Assert.AreEqual("first\nsecond\n", Text("manifest.jsonl"));
    }

    [TestMethod]
    public void A_lock_is_its_takers()
    {
        var store = Open();
        Network.LosesAnswer = FaultyTransport.First(request => Has(request, "x-ms-lease-action", "acquire"));
        using (var held = store.TryLock("run.lock"))
        {
            Assert.IsNotNull(held);
            Assert.IsNull(OpenOther().TryLock("run.lock"));
        }
        using var next = OpenOther().TryLock("run.lock");
        Assert.IsNotNull(next);
    }

    [TestMethod]
    public void A_deleted_file_is_gone()
    {
        var store = Open();
        store.Replace("plan.json", "x"u8);
        Network.LosesAnswer = FaultyTransport.First(request => request.Method == RequestMethod.Delete);
        store.Delete("plan.json");
        Assert.IsNull(Text("plan.json"));
    }

    [TestMethod]
    public void A_committed_file_is_there()
    {
        var store = Open();
        File.WriteAllBytes(store.Stage("data/part-0.parquet"), new byte[AzureRunStore.BlockBytes + 1]);
        Network.LosesAnswer = FaultyTransport.First(request => Query(request, "comp=blocklist"));
        store.Commit("data/part-0.parquet");
        Assert.AreEqual(AzureRunStore.BlockBytes + 1, OpenOther().Length("data/part-0.parquet"));
    }

    [TestMethod]
    public void A_line_is_not_looked_for_in_a_blob_that_another_writer_made_longer()
    {
        var store = Open();
        store.Append("manifest.jsonl", "first\n"u8);
        var blob = Container().GetAppendBlobClient("out/manifest.jsonl");
        blob.AppendBlock(new MemoryStream("second\n"u8.ToArray()));
        store.Append("manifest.jsonl", "second\n"u8);
        Assert.AreEqual("first\nsecond\nsecond\n", Text("manifest.jsonl"));
    }
}
