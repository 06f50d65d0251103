using Azure.Core;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace ML.Pipelines.Azure.Tests;

/// <summary>
/// Uncommitted blocks, as the service has them: it finds no blob to delete and none that is in the way. The emulator deletes them, and
/// takes them for a blob; the network corrects that here, for which requests must not be signed header by header.
/// </summary>
[TestClass]
public sealed class LeftoverTests : AzureTest
{
    private const string Name = "data/part-0.parquet";

    [TestMethod]
    public void Uncommitted_blocks_are_removed()
    {
        Abandon();
        OpenAsService().Delete(Name);
        Assert.IsEmpty(OpenOther().Leftovers());
        Assert.IsEmpty(OpenOther().List(""));
    }

    [TestMethod]
    public void Uncommitted_blocks_that_another_commits_meanwhile_stay()
    {
        Abandon();
        var store = OpenAsService();
        Network.Sending = request =>
        {
            if (Writes(request)) OpenOther().Replace(Name, "whole"u8);
            return Task.CompletedTask;
        };
        store.Delete(Name);
        Assert.AreEqual("whole", Text(Name));
    }

    [TestMethod]
    public void A_crash_while_they_are_removed_leaves_nothing_that_is_taken_for_a_file()
    {
        CrashWhileRemoving();
        var store = OpenOther();
        Assert.IsNull(store.Length(Name));
        Assert.IsNull(store.Read(Name));
        Assert.IsEmpty(store.List(""));
        Throws(ErrorCode.FileNotFound, () => store.Fetch(Name));
        Assert.AreEqual(Name, Assert.ContainsSingle(store.Leftovers()).Name);
        store.Delete(Name);
        Assert.IsEmpty(store.Leftovers());
        Assert.IsEmpty(Container().GetBlobs(BlobTraits.None, BlobStates.Uncommitted, "", default));
    }

    [TestMethod]
    public void A_crash_while_they_are_removed_does_not_stand_in_the_way_of_a_file()
    {
        CrashWhileRemoving();
        Assert.IsTrue(OpenOther().TryCreate(Name, "whole"u8));
        Assert.AreEqual("whole", Text(Name));
        Assert.IsEmpty(OpenOther().Leftovers());
    }

    [TestMethod]
    public void A_crash_while_they_are_removed_does_not_stand_in_the_way_of_lines()
    {
        CrashWhileRemoving();
        OpenOther().Append(Name, "line\n"u8);
        Assert.AreEqual("line\n", Text(Name));
        Assert.IsEmpty(OpenOther().Leftovers());
    }

    [TestMethod]
    public void Folders_of_accounts_that_have_them_are_no_files()
    {
        Container().Create();
        var folder = new Dictionary<string, string> { ["hdi_isfolder"] = "true" };
        Container().GetBlobClient("out/data").Upload(BinaryData.Empty, new BlobUploadOptions { Metadata = folder });
        OpenOther().Replace(Name, "x"u8);
        Assert.AreEqual(Name, Assert.ContainsSingle(OpenOther().List("")).Name);
        Assert.IsEmpty(OpenOther().Leftovers());
        Assert.IsNull(OpenOther().Length("data"));
    }

    private void Abandon()
    {
        Container().CreateIfNotExists();
        Container().GetBlockBlobClient("out/" + Name).StageBlock(Convert.ToBase64String(new byte[48]), new MemoryStream([1, 2, 3]));
    }

    private void CrashWhileRemoving()
    {
        Abandon();
        var store = OpenAsService();
        var isMarked = false;
        Network.LosesRequest = request =>
        {
            isMarked |= Writes(request);
            return isMarked && request.Method == RequestMethod.Delete;
        };
        Throws(ErrorCode.StoreUnreachable, () => store.Delete(Name));
    }

    private AzureRunStore OpenAsService()
    {
        var isFirst = FaultyTransport.First(request => request.Method == RequestMethod.Delete);
        Network.Answers = request => isFirst(request) ? (404, "BlobNotFound") : null;
        Network.Sending = request =>
        {
            if (Writes(request)) request.Headers.Remove("If-None-Match");
            return Task.CompletedTask;
        };
        return AzureRunStore.Open(Location, new()
        {
            SasToken = Container().GenerateSasUri(BlobContainerSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1)).Query,
            Endpoint = SharedAzurite.Instance.Endpoint,
            Variable = _ => null,
            Transport = Network,
            Patience = TimeSpan.FromMilliseconds(100),
        });
    }
}
