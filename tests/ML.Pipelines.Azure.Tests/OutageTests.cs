using System.Text;

namespace ML.Pipelines.Azure.Tests;

[TestClass]
public sealed class OutageTests : AzureTest
{
    [TestMethod]
    public void A_service_that_is_stopped_and_started_again_is_survived()
    {
        const int Lines = 40;
        using var azurite = Azurite.Started();
        using var store = AzureRunStore.Open(SharedAzurite.NewLocation(), new()
        {
            ConnectionString = azurite.ConnectionString,
            Variable = _ => null,
            Patience = TimeSpan.FromMinutes(2),
        });
        var isUnderWay = new TaskCompletionSource();
        var writing = Task.Run(() =>
        {
            for (var line = 0; line < Lines; line++)
            {
                store.Append("manifest.jsonl", Encoding.UTF8.GetBytes($"{line}\n"));
                Assert.IsTrue(store.TryCreate($"data/{line}", "x"u8));
                if (line == Lines / 4) isUnderWay.SetResult();
            }
        });
        Task.WaitAny(isUnderWay.Task, writing);
        azurite.Stop();
        azurite.Start();
        writing.GetAwaiter().GetResult();
        Assert.AreSequenceEqual(Enumerable.Range(0, Lines).Select(line => $"{line}"),
            Encoding.UTF8.GetString(store.Read("manifest.jsonl")!).TrimEnd('\n').Split('\n'));
        Assert.HasCount(Lines, store.List("data/"));
    }

    [TestMethod]
    [DataRow(503, "ServerBusy")]
    [DataRow(500, "InternalError")]
    [DataRow(429, "TooManyRequests")]
    public void A_service_that_has_too_much_to_do_is_asked_again(int status, string code)
    {
        var left = 3;
        Network.Answers = _ => Interlocked.Decrement(ref left) >= 0 ? (status, code) : null;
        Assert.IsTrue(Open().TryCreate("plan.json", "{}"u8));
    }

    [TestMethod]
    public void A_service_that_has_too_much_to_do_for_too_long_is_told()
    {
        Network.Answers = _ => (503, "ServerBusy");
        var fault = Throws(ErrorCode.StoreUnreachable, () => Open(TimeSpan.FromMilliseconds(100)).Read("plan.json"));
        Assert.Contains($"{Location}/plan.json could not be reached for 0.1 s (503 ServerBusy)", fault.Message);
    }

    [TestMethod]
    public void A_service_that_does_not_answer_is_told_with_its_address_and_what_to_do()
    {
        using var azurite = Azurite.Started();
        azurite.Stop();
        using var store = AzureRunStore.Open("azure://devstoreaccount1/runs/out", new()
        {
            ConnectionString = azurite.ConnectionString,
            Variable = _ => null,
            Patience = TimeSpan.FromMilliseconds(100),
        });
        foreach (var call in new Action[]
        {
            () => store.Read("plan.json"), () => store.Length("plan.json"), () => store.Fetch("plan.json"), () => store.List("plan.json"),
            () => store.TryCreate("plan.json", "x"u8), () => store.Replace("plan.json", "x"u8), () => store.Append("plan.json", "x\n"u8),
            () => store.Delete("plan.json"), () => store.TryLock("plan.json"),
        })
        {
            var fault = Throws(ErrorCode.StoreUnreachable, call);
            Assert.Contains($"{store.Describe("plan.json")} could not be reached for 0.1 s (", fault.Message);
            Assert.Contains("Check the network and the account's name", fault.Message);
        }
    }

    [TestMethod]
    public void The_waits_between_tries_make_up_the_patience()
    {
        var retry = Retries.For(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), null).Retry;
        var waits = Enumerable.Range(0, retry.MaxRetries).Select(i => retry.Delay * (1 << i)).Sum(wait => Math.Min(wait.TotalSeconds,
            retry.MaxDelay.TotalSeconds));
        Assert.IsInRange(60, 80, waits * 0.8);
    }
}
