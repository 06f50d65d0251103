using ML.Pipelines.Azure.Tests;

namespace ML.Pipelines.EndToEnd.Tests.Kills;

/// <summary>Processes with a container as their store, in the emulator, killed at every request that changes something and at random calls.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class AzureKillTests : IDisposable
{
    private const int RandomKills = 20;

    private readonly TestFolder _folder = new();
    private readonly Azurite _azurite = Azurite.Started();

    public AzureKillTests() => KillBench.WriteInput(Input);

    private string Input => _folder.File("input.jsonl");

    // A reply is kept by appending it to a journal: at that step it is lost, and another call may be in flight.
    [TestMethod]
    public void A_process_killed_before_or_after_any_request_of_its_store_is_continued_to_the_same_bytes() =>
        new KillMatrix(Input, new AzuritePlace(_azurite)).KillAtEachStep(60, losesReplies: step =>
            step.Contains(" PUT ", StringComparison.Ordinal) && step.Contains("/.mlpipe/journals/", StringComparison.Ordinal));

    [TestMethod]
    public void Processes_killed_at_random_calls_make_no_call_twice_but_those_in_flight() =>
        new KillMatrix(Input, new AzuritePlace(_azurite)).KillAtRandomCalls(RandomKills);

    public void Dispose()
    {
        _azurite.Dispose();
        _folder.Dispose();
    }
}
