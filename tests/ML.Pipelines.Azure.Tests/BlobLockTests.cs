using System.Threading.Channels;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Time.Testing;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Azure.Tests;

/// <summary>Leases: the emulator's clock runs, the holder's is the test's.</summary>
[TestClass]
public sealed class BlobLockTests : AzureTest
{
    private const string Name = "run.lock";

    // For what would never come if the code were wrong.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Third = new AzureRunStoreOptions().LeaseDuration / 3;

    private readonly FakeTimeProvider _time = new();
    private readonly Channel<bool> _renewals = Channel.CreateUnbounded<bool>();

    [TestMethod]
    public void A_lock_is_renewed_when_a_third_of_it_is_over_and_stays_held()
    {
        using var held = Take();
        for (var third = 0; third < 7; third++)
        {
            _time.Advance(Third);
            AwaitRenewal();
        }
        Assert.IsFalse(held.Lost.IsCancellationRequested);
        Assert.IsNull(OpenOther().TryLock(Name));
    }

    [TestMethod]
    public void A_lock_that_cannot_be_renewed_is_lost_when_its_time_is_over_and_not_before()
    {
        using var held = Take();
        Network.LosesRequest = _ => true;
        _time.Advance((3 * Third) - TimeSpan.FromMilliseconds(1));
        Assert.IsFalse(held.Lost.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsTrue(held.Lost.IsCancellationRequested);
    }

    [TestMethod]
    public void A_renewal_counts_from_when_it_was_asked_for()
    {
        using var held = Take();
        var requests = 0;
        TaskCompletionSource isAsked = new(), answer = new(), isAskedAgain = new();
        Network.Sending = _ =>
        {
            (Interlocked.Increment(ref requests) == 1 ? isAsked : isAskedAgain).TrySetResult();
            return answer.Task;
        };
        Network.LosesRequest = _ => requests > 1;
        _time.Advance(Third);
        Await(isAsked.Task);
        // The answer comes when another third is over. That asks for the next renewal, which gets none.
        _time.Advance(Third);
        answer.SetResult();
        Await(isAskedAgain.Task);
        _time.Advance((2 * Third) - TimeSpan.FromMilliseconds(1));
        Assert.IsFalse(held.Lost.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsTrue(held.Lost.IsCancellationRequested);
    }

    [TestMethod]
    public void A_service_that_is_away_for_less_than_the_lease_costs_nothing()
    {
        using var held = Take();
        Network.LosesRequest = _ => true;
        _time.Advance(Third);
        Network.LosesRequest = _ => false;
        _time.Advance(Third);
        // Not further: the holder counts the lease from an answer only once it has read it, and the first lease ends with the next third.
        AwaitRenewal();
        Assert.IsFalse(held.Lost.IsCancellationRequested);
    }

    [TestMethod]
    public void A_lock_that_someone_broke_and_took_is_lost_with_its_next_renewal()
    {
        using var held = Take();
        Lease().Break(TimeSpan.Zero);
        using var other = OpenOther().TryLock(Name);
        Assert.IsNotNull(other);
        _time.Advance(Third);
        AwaitLost(held);
        held.Dispose();
        Assert.IsNull(OpenOther().TryLock(Name));
        Assert.IsFalse(other.Lost.IsCancellationRequested);
    }

    [TestMethod]
    public void A_lock_whose_blob_was_deleted_is_lost_with_its_next_renewal()
    {
        using var held = Take();
        Lease().Break(TimeSpan.Zero);
        Blob().Delete();
        _time.Advance(Third);
        AwaitLost(held);
    }

    [TestMethod]
    public void A_released_lock_is_neither_renewed_nor_lost()
    {
        var held = Take();
        held.Dispose();
        held.Dispose();
        _time.Advance(10 * Third);
        Assert.IsFalse(held.Lost.IsCancellationRequested);
        using var other = OpenOther().TryLock(Name);
        Assert.IsNotNull(other);
        Assert.AreEqual(0, _renewals.Reader.Count);
    }

    [TestMethod]
    public void A_lock_that_cannot_be_released_ends_by_itself()
    {
        var held = Take();
        Network.LosesRequest = _ => true;
        held.Dispose();
        Assert.IsNull(OpenOther().TryLock(Name));
        Lease().Break(TimeSpan.FromSeconds(1));
        AwaitTaken();
    }

    [TestMethod]
    public void A_lock_of_a_process_that_died_is_taken_over_when_its_lease_runs_out()
    {
        Container().Create();
        Blob().Upload(BinaryData.Empty);
        Lease().Acquire(TimeSpan.FromSeconds(15));
        // Breaking a lease is how the service makes its end come sooner.
        Lease().Break(TimeSpan.FromSeconds(1));
        Assert.IsNull(OpenOther().TryLock(Name));
        AwaitTaken();
    }

    [TestMethod]
    [TestCategory("Slow")]
    public void A_lock_of_a_process_that_died_is_taken_over_after_fifteen_seconds()
    {
        Container().Create();
        Blob().Upload(BinaryData.Empty);
        Lease().Acquire(TimeSpan.FromSeconds(15));
        Assert.IsNull(OpenOther().TryLock(Name));
        AwaitTaken();
    }

    private IRunLock Take()
    {
        Network.LosesAnswer = request =>
        {
            if (Has(request, "x-ms-lease-action", "renew")) _renewals.Writer.TryWrite(true);
            return false;
        };
        return Open(time: _time).TryLock(Name) ?? throw new AssertFailedException("The lock is not free.");
    }

    private void AwaitRenewal() => Await(_renewals.Reader.ReadAsync().AsTask());

    private static void Await(Task task) => Assert.IsTrue(task.Wait(Deadline), "It does not come.");

    private static void AwaitLost(IRunLock held) => Assert.IsTrue(held.Lost.WaitHandle.WaitOne(Deadline), "The lock is not lost.");

    private void AwaitTaken()
    {
        var store = OpenOther();
        IRunLock? taken = null;
        Assert.IsTrue(SpinWait.SpinUntil(() => (taken = store.TryLock(Name)) is not null, Deadline), "The lock is not free.");
        taken!.Dispose();
    }

    private BlobClient Blob() => Container().GetBlobClient("out/" + Name);

    private BlobLeaseClient Lease() => Blob().GetBlobLeaseClient();
}
