using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;
using Spectre.Console;

namespace ML.Pipelines.Cli.Display;

/// <summary>What a finished run did, for the end of the log.</summary>
/// <param name="Totals">The counts.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="Shards">Sealed shards.</param>
/// <param name="Elapsed">How long this call took.</param>
public sealed record ClosingTable(RunTotals Totals, string Folder, int Shards, TimeSpan Elapsed)
{
    /// <summary>Writes rows, tokens, steps, and where the shards are.</summary>
    public void Write(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        console.Write(Rows());
        if (Totals.Steps.Count > 0) console.Write(Steps());
        if (Totals.Attempts.Count > 0) console.Write(Attempts());
        // A path must stay in one line, so that it can be copied; the console would fold it.
        console.Profile.Out.Writer.WriteLine(
            $"{Numbers.Count(Shards)} {(Shards == 1 ? "shard" : "shards")} in {TerminalText.Clean(Folder)}, {Numbers.Duration(Elapsed)}");
    }

    private Table Rows()
    {
        var table = PlainTable.New("rows", "count", "share");
        Add(table, "in", Totals.RowsIn);
        Add(table, "kept", Totals.RowsKept);
        foreach (var (reason, count) in Totals.Dropped) Add(table, $"dropped: {reason}", count);
        foreach (var (code, count) in Totals.Quarantined) Add(table, $"quarantined: {code}", count);
        foreach (var (why, count) in Totals.PartsLost) PlainTable.Add(table, $"parts lost: {why}", Numbers.Count(count), "");
        if (Totals.RowsOut != Totals.RowsKept) Add(table, "out", Totals.RowsOut);
        // Jobs that only format count none.
        if (Totals.TokensBefore == 0) return table;
        var saved = Totals.TokensBefore - Totals.TokensAfter;
        PlainTable.Add(table, "tokens before", Numbers.Count(Totals.TokensBefore), "");
        PlainTable.Add(table, "tokens after", Numbers.Count(Totals.TokensAfter), Numbers.Share(Totals.TokensAfter, Totals.TokensBefore));
        PlainTable.Add(table, "tokens saved", Numbers.Count(saved), Numbers.Share(saved, Totals.TokensBefore));
        return table;
    }

    private Table Steps()
    {
        var table = PlainTable.New("steps", "total", "removed", "share", "guarded", "unscored");
        foreach (var (category, steps) in Totals.Steps) Add(StepNames.Of(category), steps);
        if (Totals.Steps.Count > 1) Add("all", Totals.Steps.Values.Aggregate((sum, steps) => sum.Add(steps)));
        return table;

        void Add(string name, StepTotals steps) => PlainTable.Add(table, name, Numbers.Count(steps.Total), Numbers.Count(steps.Removed),
            Numbers.Share(steps.Removed, steps.Total), Numbers.Count(steps.Guarded), Numbers.Count(steps.Unscored));
    }

    // By rate, this is the Pareto table of compression: tokens kept against rows that pass and the answer's likelihood.
    private Table Attempts()
    {
        var table = PlainTable.New("shorter chains", "rows", "passed", "share", "tokens kept", "answer loss");
        foreach (var (name, stage) in Totals.Attempts)
            PlainTable.Add(table, name, Numbers.Count(stage.Rows), Numbers.Count(stage.Passed), Numbers.Share(stage.Passed, stage.Rows),
                Numbers.Share(stage.TokensAfter, stage.TokensBefore), stage.Scored == 0 ? "-" : Numbers.Signed(stage.LossIncrease / stage.Scored));
        return table;
    }

    private void Add(Table table, string name, long count) =>
        PlainTable.Add(table, name, Numbers.Count(count), Numbers.Share(count, Totals.RowsIn));
}
