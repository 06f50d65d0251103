using ML.Pipelines.Stages;

namespace ML.Pipelines.Tests.Stages;

/// <summary>Waits until as many batches as can be in flight are there, then ends them in a random order.</summary>
internal sealed class ShuffledStage
{
    private readonly int _batchSize;
    private readonly int _inFlight;
    private readonly int _batches;
    private readonly Random _random;
    private readonly Dictionary<int, TaskCompletionSource> _waiting = [];

    private ShuffledStage(int rows, int batchSize, int inFlight, int seed)
    {
        (_batchSize, _inFlight, _random) = (batchSize, inFlight, new Random(seed));
        _batches = (rows + batchSize - 1) / batchSize;
    }

    public static FakeStage Create(int rows, int batchSize, int inFlight, int seed) => new(new ShuffledStage(rows, batchSize, inFlight, seed).ProcessAsync);

    private async Task<IReadOnlyList<StageOutcome<string>>> ProcessAsync(IReadOnlyList<int> rows, CancellationToken cancellationToken)
    {
        await Arrive(rows[0] / _batchSize);
        return FakeStage.Outcomes(rows);
    }

    private Task Arrive(int batch)
    {
        var first = batch / _inFlight * _inFlight;
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            _waiting.Add(batch, mine);
            int[] group = [.. Enumerable.Range(first, Math.Min(_inFlight, _batches - first))];
            if (!group.All(_waiting.ContainsKey)) return mine.Task;
            _random.Shuffle(group);
            foreach (var member in group) _waiting[member].SetResult();
        }
        return mine.Task;
    }
}
