using System.Globalization;
using ML.Pipelines.Runs;
using Spectre.Console;
using StyledText = Spectre.Console.Text;

namespace ML.Pipelines.Cli.Display;

/// <summary>Shows how far a run is: one live line on a terminal, else a line now and then.</summary>
/// <remarks>All members may be called from several threads; <see cref="Report"/> is cheap between two shown lines.</remarks>
public sealed class RunProgress : IRunProgress
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly Action<string> _show;
    private RunProgressSnapshot? _first;
    private long _started;
    private long _shown;
    private bool _finished;

    private RunProgress(IAnsiConsole console, TimeProvider time, TimeSpan interval, Action<string> show) =>
        (_console, _time, _interval, _show) = (console, time, interval, show);

    /// <summary>Whether the live line would only fill a log: the console is no terminal, or a CI job runs.</summary>
    /// <param name="console">The console.</param>
    /// <param name="ci">The environment variable CI.</param>
    public static bool IsPlain(IAnsiConsole console, string? ci)
    {
        ArgumentNullException.ThrowIfNull(console);
        return !console.Profile.Out.IsTerminal || !string.IsNullOrEmpty(ci);
    }

    /// <summary>Does a run's work and shows how far it is.</summary>
    /// <param name="console">Where to show it; best the error stream's, so that the output stays clean.</param>
    /// <param name="time">The clock.</param>
    /// <param name="plain">Whether lines are written instead of one live line.</param>
    /// <param name="work">The work, which reports to the progress it is given.</param>
    public static T Show<T>(IAnsiConsole console, TimeProvider time, bool plain, Func<RunProgress, T> work)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(work);
        if (plain) return work(new RunProgress(console, time, PlainInterval, line => WriteLine(console, line)));
        return console.Live(new StyledText("")).AutoClear(true).Start(live =>
            work(new RunProgress(console, time, LiveInterval, line => live.UpdateTarget(new StyledText(line)))));
    }

    /// <summary>Writes a line that stays, above the live line if there is one.</summary>
    public void Notice(string text)
    {
        lock (_lock) _console.Write(new StyledText(TerminalText.Clean(text) + "\n"));
    }

    /// <inheritdoc/>
    public void Report(RunProgressSnapshot snapshot)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if (_first is null) (_first, _started) = (snapshot, now);
            else if (!IsDue(snapshot, now)) return;
            (_shown, _finished) = (now, IsLast(snapshot));
            _show(Line(snapshot, _first.Value, _time.GetElapsedTime(_started, now)));
        }
    }

    /// <summary>The line for a snapshot.</summary>
    /// <param name="snapshot">How far the run is.</param>
    /// <param name="first">How far it was at the first report: a continued run starts with rows of earlier calls.</param>
    /// <param name="elapsed">The time between the two.</param>
    internal static string Line(RunProgressSnapshot snapshot, RunProgressSnapshot first, TimeSpan elapsed)
    {
        var line = $"{Numbers.Count(snapshot.RowsDone)}/{Numbers.Count(snapshot.RowsTotal)} rows ({Numbers.Share(snapshot.RowsDone, snapshot.RowsTotal)}), "
            + $"{Numbers.Count(snapshot.ShardsDone)}/{Numbers.Count(snapshot.ShardsTotal)} shards";
        var (rows, tokens, seconds) = (snapshot.RowsDone - first.RowsDone, snapshot.TokensScored - first.TokensScored, elapsed.TotalSeconds);
        if (seconds <= 0) return line;
        if (tokens > 0) line += string.Create(CultureInfo.InvariantCulture, $", {tokens / seconds:N0} tokens/s");
        return rows > 0 && !IsLast(snapshot) ? $"{line}, {Left(seconds / rows * (snapshot.RowsTotal - snapshot.RowsDone))} left" : line;
    }

    private static string Left(double seconds) => seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? Numbers.Duration(TimeSpan.FromSeconds(seconds)) : "very long";

    private static bool IsLast(RunProgressSnapshot snapshot) => snapshot.RowsDone >= snapshot.RowsTotal && snapshot.ShardsDone >= snapshot.ShardsTotal;

    private bool IsDue(RunProgressSnapshot snapshot, long now) => !_finished && (IsLast(snapshot) || _time.GetElapsedTime(_shown, now) >= _interval);

    // Not through the console, which folds lines at a width that a log does not have.
    private static void WriteLine(IAnsiConsole console, string line) => console.Profile.Out.Writer.WriteLine(line);
}
