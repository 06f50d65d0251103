namespace ML.Pipelines.Tests.Runs.Stores;

/// <summary>Several threads at once.</summary>
internal static class Race
{
    public const int Threads = 8;

    /// <summary>Runs an action in <see cref="Threads"/> threads, which all pass a barrier first.</summary>
    public static T[] Run<T>(Func<int, T> action)
    {
        using var start = new Barrier(Threads);
        var tasks = Enumerable.Range(0, Threads).Select(i => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            return action(i);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        return Task.WhenAll(tasks).GetAwaiter().GetResult();
    }

    public static void Run(Action<int> action) => Run(i =>
    {
        action(i);
        return true;
    });
}
