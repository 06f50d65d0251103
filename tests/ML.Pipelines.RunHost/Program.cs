using System.Diagnostics;
using System.Globalization;
using ML.Pipelines;
using ML.Pipelines.RunHost;
using ML.Pipelines.Runs;

// A run as a process of its own, which tests kill: its scores come from a server, and it can kill itself at any step of its store.
// Arguments: input, output, server, slice, [step at which to die; it writes which one it was], [rows a shard].
// In the end it writes the number of its steps and the time by its clock.
var (input, output, server, slice) = (args[0], args[1], new Uri(args[2]), RunSlice.Parse(args[3]));
var dieAt = args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : int.MaxValue;
var shardRows = args.Length > 5 ? int.Parse(args[5], CultureInfo.InvariantCulture) : 4;
var steps = 0;
try
{
    var store = HostedStore.Open(output, Reach);
    using var disposed = store as IDisposable;
    var totals = HostedRun.Execute(input, store, server, slice, shardRows);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{steps} {DateTime.UtcNow:O}"));
    return totals.RowsIn == totals.RowsKept + totals.Dropped.Values.Sum() + totals.Quarantined.Values.Sum() ? 0 : 3;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"{ErrorCode.Output}: {fault.Message}").ConfigureAwait(false);
    return 2;
}
catch (PipelineException fault)
{
    await Console.Error.WriteLineAsync($"{fault.Code}: {fault.Message}").ConfigureAwait(false);
    return 2;
}

void Reach(string step)
{
    if (Interlocked.Increment(ref steps) - 1 != dieAt) return;
    Console.WriteLine(step);
    using var self = Process.GetCurrentProcess();
    self.Kill();
    Thread.Sleep(Timeout.Infinite);
}
