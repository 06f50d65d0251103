using System.Globalization;
using System.Text;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Runs;

/// <summary>The files of a run in its store.</summary>
public sealed class RunFolder
{
    /// <summary>What the names of files that only an unfinished run needs start with.</summary>
    internal const string WorkPrefix = ".mlpipe/";

    /// <summary>The folder of a local run where trained models are kept, with what made them. It is the trainer's: a store neither lists
    /// nor sweeps it.</summary>
    public const string TrainingsFolder = "trainings";

    private const int LockTries = 5;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(100);
    private const string Slices = WorkPrefix + "slices";
    private const string PlanLock = WorkPrefix + "locks/plan.lock";

    /// <summary>A run's local folder; nothing is created.</summary>
    public RunFolder(string path) : this(new LocalRunStore(path)) { }

    /// <summary>A run's files in a store; nothing is created.</summary>
    public RunFolder(IRunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Store = store;
    }

    /// <summary>Where the files lie.</summary>
    public IRunStore Store { get; }

    /// <summary>The name of a shard's file of a kind.</summary>
    /// <param name="kind">data, evidence or quarantine.</param>
    /// <param name="shard">The shard's name.</param>
    /// <param name="extension">The format's extension.</param>
    public static string Name(string kind, string shard, string extension) => $"{kind}/{shard}{extension}";

    /// <summary>The name of a shard's journal.</summary>
    internal static string JournalName(string shard) => $"{WorkPrefix}journals/{shard}";

    /// <summary>The paths of all files of a kind, in order; none where there are none.</summary>
    public IReadOnlyList<string> Files(string kind, string extension) =>
        [.. Store.List($"{kind}/part-").Where(file => file.Name.EndsWith(extension, StringComparison.Ordinal)).Select(file => Store.Fetch(file.Name))];

    /// <summary>Checks that the store can take a plan: it is new, or holds a run of the same plan. Cheap, so it comes before all work.</summary>
    /// <param name="plan">The plan; its columns are not looked at, because they are known only after Fit.</param>
    /// <returns>The plan that is there already, or null.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: it holds something else, or cannot be used.</exception>
    internal RunPlan? Check(RunPlan plan) => Use<RunPlan?>(() =>
    {
        if (RunPlan.Find(Store) is { } before)
        {
            CheckSame(plan.DifferenceFrom(before));
            return before;
        }
        return Store.List("").Any(file => !file.Name.StartsWith(WorkPrefix, StringComparison.Ordinal)) ? throw NotEmpty() : null;
    });

    /// <summary>Takes a plan for the checked store, or finds that it is the one of the plan that is there.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: it holds something else, or cannot be written.</exception>
    internal void Prepare(RunPlan plan) => Use(() =>
    {
        if (Check(plan) is { } before && !before.Columns.SequenceEqual(plan.Columns)) CheckSame("the columns of its shards are others");
        // Of two that plan at once, the first counts; the second is of the same fingerprint, or refused.
        if (!plan.TryWrite(Store)) Check(plan);
        return plan;
    });

    /// <summary>Keeps other processes from a slice until disposed.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: another process works on it.</exception>
    internal IRunLock Lock(RunSlice slice)
    {
        // Who only looks whether somebody works holds the lock for a moment, too.
        for (var tries = 0; tries < LockTries; tries++)
        {
            if (Use(() => Store.TryLock(LockName(slice))) is { } held) return held;
            Thread.Sleep(LockPause);
        }
        throw new PipelineException(ErrorCode.Output, $"Another run works {(slice.IsWhole ? "in" : $"on slice {slice} of")} '{Store.Location}'. "
            + "Wait for it, or choose another --output.");
    }

    /// <summary>
    /// Settles into how many slices the run is divided: shards belong to one worker only while all agree on it. Called by the holder of
    /// a slice's lock. Another number takes the place of an earlier one once nobody works by it.
    /// </summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: a worker of another division works.</exception>
    internal void Divide(RunSlice slice) => Use(() =>
    {
        var wanted = Encoding.ASCII.GetBytes(slice.Count.ToString(CultureInfo.InvariantCulture));
        if (Store.TryCreate(Slices, wanted)) return wanted;
        var count = SliceCount ?? 0;
        if (count == slice.Count) return wanted;
        return WhileNobodyWorks(count, () =>
        {
            Store.Replace(Slices, wanted);
            return wanted;
        });
    });

    /// <summary>Does something while no process works on any slice of a division.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: one does.</exception>
    internal T WhileNobodyWorks<T>(int count, Func<T> action)
    {
        var locks = new List<IRunLock>();
        try
        {
            for (var number = 1; number <= count; number++) locks.Add(Lock(new RunSlice(number, count)));
            return action();
        }
        finally
        {
            locks.ForEach(held => held.Dispose());
        }
    }

    /// <summary>Removes what died writers left half-written. Called by the only worker of an undivided run.</summary>
    internal void Sweep()
    {
        foreach (var leftover in Store.Leftovers()) Store.Delete(leftover.Name);
    }

    /// <summary>The number of slices that the run is divided into; null where nobody worked yet.</summary>
    internal int? SliceCount =>
        int.TryParse(Encoding.ASCII.GetString(Store.Read(Slices) ?? []), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>Whether a process works on a slice.</summary>
    internal bool IsWorking(RunSlice slice)
    {
        using var held = Store.TryLock(LockName(slice));
        return held is null;
    }

    /// <summary>The name of a slice's lock.</summary>
    private static string LockName(RunSlice slice) => $"{WorkPrefix}locks/slice-{slice.Number}-of-{slice.Count}.lock";

    /// <summary>Waits until no other process plans, and keeps the others waiting until disposed.</summary>
    internal IRunLock LockPlan(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Use(() => Store.TryLock(PlanLock)) is { } held) return held;
            if (cancellationToken.WaitHandle.WaitOne(LockPause)) cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private T Use<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.Output, $"Cannot write to '{Store.Location}': {fault.Message} Choose another --output.", fault);
        }
    }

    private void CheckSame(string? difference)
    {
        if (difference is null) return;
        throw new PipelineException(ErrorCode.Output,
            $"'{Store.Location}' holds a run that differs: {difference}. Undo the change to continue it, or choose another --output.");
    }

    private PipelineException NotEmpty() => new(ErrorCode.Output,
        $"'{Store.Location}' is not empty and holds no run. Choose another --output; nothing is overwritten.");
}
