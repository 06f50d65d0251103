using Microsoft.Extensions.Time.Testing;
using ML.Pipelines.Azure.Tests;
using ML.Pipelines.RunHost;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests.Kills;

/// <summary>The store's service goes away while a run waits for calls: for a short time, a long one, and longer than a lock holds.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class AzureOutageTests : IDisposable
{
    /// <summary>The call at which something happens: another is in flight, and a shard is sealed.</summary>
    private const int Call = 5;

    private readonly TestFolder _folder = new();
    private readonly Azurite _azurite = Azurite.Started();
    private readonly AzuritePlace _place;
    private readonly KillBench _bench;
    private int _calls;

    public AzureOutageTests()
    {
        _place = new(_azurite);
        _bench = new(Input, _place);
        KillBench.WriteInput(Input);
    }

    private string Input => _folder.File("input.jsonl");

    [TestMethod]
    public void A_run_rides_out_a_service_that_is_stopped_and_started_again()
    {
        var whole = Whole();
        var failures = 0;
        using var stopped = new ManualResetEventSlim();
        At(Call, () =>
        {
            _azurite.Stop();
            stopped.Set();
        });
        Execute("out", failed: () =>
        {
            if (Interlocked.Increment(ref failures) > 1) return;
            // A request may fail while the service is still going down.
            stopped.Wait();
            _azurite.Start();
        });
        Assert.IsGreaterThan(0, failures);
        Assert.AreSequenceEqual(whole, _bench.Files("out"));
        CollectionAssert.AllItemsAreUnique(_bench.Server.Rows.ToArray());
    }

    [TestMethod]
    public void A_run_whose_service_stays_away_ends_with_a_message_and_goes_on_later_to_the_same_bytes()
    {
        var whole = Whole();
        At(Call, _azurite.Stop);
        var fault = Assert.ThrowsExactly<PipelineException>(() => Execute("out", TimeSpan.FromSeconds(1)));
        Assert.AreEqual(ErrorCode.StoreUnreachable, fault.Code);
        Assert.Contains(_place.Location("out"), fault.Message);
        Assert.Contains("could not be reached for 1 s (", fault.Message);
        Assert.Contains("the same command continues the run", fault.Message);
        _azurite.Start();
        _bench.AssertNothingPartial("out");
        Assert.HasCount(1, Manifest.Read(_place.Open("out")));
        _bench.Resume("out");
        Assert.AreSequenceEqual(whole, _bench.Files("out"));
        Assert.HasCount(_calls, _bench.Server.Rows.Distinct());
        Assert.IsLessThanOrEqualTo(_calls + KillBench.CallsInFlight, _bench.Server.Rows.Count);
    }

    [TestMethod]
    public void A_run_that_lost_its_lock_ends_with_a_message_before_it_seals_its_shard_and_goes_on_to_the_same_bytes()
    {
        var whole = Whole();
        var time = new FakeTimeProvider();
        // As a machine that slept: all of the lease's time goes by at once. A renewal that is answered meanwhile would keep the lock.
        At(Call, () =>
        {
            _azurite.Stop();
            time.Advance(TimeSpan.FromMinutes(2));
            _azurite.Start();
        });
        var fault = Assert.ThrowsExactly<PipelineException>(() => Execute("out", time: time));
        Assert.AreEqual(ErrorCode.Output, fault.Code);
        Assert.Contains($"The lock on '{_place.Location("out")}' was lost", fault.Message);
        Assert.HasCount(1, Manifest.Read(_place.Open("out")));
        _bench.Resume("out");
        Assert.AreSequenceEqual(whole, _bench.Files("out"));
        CollectionAssert.AllItemsAreUnique(_bench.Server.Rows.ToArray());
    }

    public void Dispose()
    {
        _bench.Dispose();
        _azurite.Dispose();
        _folder.Dispose();
    }

    private SortedDictionary<string, string> Whole()
    {
        Execute("whole");
        var files = _bench.Files("whole");
        _calls = _bench.Server.Rows.Count;
        _bench.Server.Forget();
        return files;
    }

    private void At(int call, Action action) => _bench.Server.Asked = count =>
    {
        if (count == call) action();
    };

    private void Execute(string output, TimeSpan? patience = null, Action? failed = null, TimeProvider? time = null)
    {
        using var store = HostedStore.OpenAzure(_place.Location(output), _azurite.ConnectionString, patience, failed, time);
        _bench.Execute(store);
    }
}
