using System.Globalization;
using ML.Pipelines.Runs;
using Spectre.Console;

namespace ML.Pipelines.Cli.Display;

/// <summary>Shows how far a run is: one live line on a terminal, else a line now and then.</summary>
/// <remarks>All members may be called from several threads; <see cref="Report"/> is cheap between two shown lines.</remarks>
public sealed class RunProgress : IRunProgress
{
    private const string ClearLine = "\r\u001b[2K";
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly Action<string> _show;
    private readonly Action<string> _notice;
    private RunProgressSnapshot? _first;
    private long _started;
    private long _shown;
    private bool _finished;

    private RunProgress(TimeProvider time, TimeSpan interval, Action<string> show, Action<string> notice) =>
        (_time, _interval, _show, _notice) = (time, interval, show, notice);

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
        // Plain lines do not go through the console, which folds them at a width that a log does not have.
        Action<string> writeLine = console.Profile.Out.Writer.WriteLine;
        if (plain) return work(new RunProgress(time, PlainInterval, writeLine, writeLine));
        return ShowLive(console, time, work);
    }

    // One line, rewritten in place on the error stream. Spectre's live display counts on being the only writer of the terminal, which it
    // is not: the closing table goes to the output.
    private static T ShowLive<T>(IAnsiConsole console, TimeProvider time, Func<RunProgress, T> work)
    {
        var writer = console.Profile.Out.Writer;
        void Write(string text)
        {
            writer.Write(ClearLine + text);
            writer.Flush();
        }
        try
        {
            return work(new RunProgress(time, LiveInterval,
                line => Write(line[..Math.Min(line.Length, console.Profile.Width - 1)]), text => Write(text + "\n")));
        }
        finally
        {
            Write("");
        }
    }

    /// <summary>Writes a line that stays, above the live line if there is one.</summary>
    public void Notice(string text)
    {
        lock (_lock) _notice(TerminalText.Clean(text));
    }

    /// <inheritdoc/>
    public void Report(RunProgressSnapshot snapshot)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if (_first?.Learning != snapshot.Learning) (_first, _started) = (snapshot, now);
            else if (!IsDue(snapshot, now)) return;
            (_shown, _finished) = (now, IsLast(snapshot));
            _show(Line(snapshot, _first.Value, _time.GetElapsedTime(_started, now)));
        }
    }

    /// <summary>Shows how far a part of some other work is.</summary>
    /// <param name="part">What is being done.</param>
    /// <param name="done">Rows that are done.</param>
    /// <param name="total">All its rows; at the last the line is shown at once.</param>
    public void ReportPart(string part, long done, long total)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if (done > 0 && done < total && _time.GetElapsedTime(_shown, now) < _interval) return;
            _shown = now;
            _show($"{part}: {Numbers.Count(done)}/{Numbers.Count(total)} rows ({Numbers.Share(done, total)})");
        }
    }

    /// <summary>The line for a snapshot.</summary>
    /// <param name="snapshot">How far the run is.</param>
    /// <param name="first">How far it was at the first report: a continued run starts with rows of earlier calls.</param>
    /// <param name="elapsed">The time between the two.</param>
    internal static string Line(RunProgressSnapshot snapshot, RunProgressSnapshot first, TimeSpan elapsed)
    {
        var line = $"{(snapshot.Learning ? "learning: " : "")}{Numbers.Count(snapshot.RowsDone)}/{Numbers.Count(snapshot.RowsTotal)} rows "
            + $"({Numbers.Share(snapshot.RowsDone, snapshot.RowsTotal)})"
            + (snapshot.Learning ? "" : $", {Numbers.Count(snapshot.ShardsDone)}/{Numbers.Count(snapshot.ShardsTotal)} shards");
        var (rows, tokens) = (snapshot.RowsDone - first.RowsDone, snapshot.TokensScored - first.TokensScored);
        var seconds = elapsed.TotalSeconds;
        if (seconds <= 0) return line;
        if (tokens > 0) line += string.Create(CultureInfo.InvariantCulture, $", {tokens / seconds:N0} tokens/s");
        return rows > 0 && !IsLast(snapshot) ? $"{line}, {Left(seconds / rows * (snapshot.RowsTotal - snapshot.RowsDone))} left" : line;
    }

    private static string Left(double seconds) =>
        seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? Numbers.Duration(TimeSpan.FromSeconds(seconds)) : "very long";

    private static bool IsLast(RunProgressSnapshot snapshot) =>
        !snapshot.Learning && snapshot.RowsDone >= snapshot.RowsTotal && snapshot.ShardsDone >= snapshot.ShardsTotal;

    private bool IsDue(RunProgressSnapshot snapshot, long now) =>
        !_finished && (IsLast(snapshot) || _time.GetElapsedTime(_shown, now) >= _interval);
}
