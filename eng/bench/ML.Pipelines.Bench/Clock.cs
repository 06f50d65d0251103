using System.Diagnostics;

namespace ML.Pipelines.Bench;

/// <summary>Wall time, or on a machine shared with other work the processor time of this process.</summary>
internal sealed record Clock(bool ProcessorTime)
{
    public double Seconds(Action action)
    {
        var start = Now();
        action();
        return Now() - start;
    }

    private double Now() => ProcessorTime
        ? Environment.CpuUsage.TotalTime.TotalSeconds
        : (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
}
