using ML.Pipelines.Cli.Display;
using ML.Pipelines.Runs;
using ML.Pipelines.Text;

namespace ML.Pipelines.Cli.Tests.Display;

[TestClass]
public sealed class ClosingTableTests
{
    private static readonly RunTotals Totals = new()
    {
        RowsIn = 2000,
        RowsKept = 1500,
        RowsOut = 1500,
        Dropped = new Dictionary<string, long> { ["cut-off"] = 300, ["wrong-answer"] = 150 },
        Quarantined = new Dictionary<string, long> { [ErrorCode.ContextOverflow] = 50 },
        TokensBefore = 1_000_000,
        TokensAfter = 771_000,
        Steps = new Dictionary<StepCategory, StepTotals>
        { [StepCategory.Progressive] = new(5000, 0, 0, 0), [StepCategory.Verification] = new(1000, 290, 7, 3) },
    };

    [TestMethod]
    public void The_table_tells_every_row_token_and_step_and_where_the_shards_are() => Assert.AreEqual(
        """
        rows|count|share
        in|2,000|100.0 %
        kept|1,500|75.0 %
        dropped: cut-off|300|15.0 %
        dropped: wrong-answer|150|7.5 %
        quarantined: scorer.context-overflow|50|2.5 %
        tokens before|1,000,000
        tokens after|771,000|77.1 %
        tokens saved|229,000|22.9 %
        steps|total|removed|share|guarded|unscored
        progressive|5,000|0|0.0 %|0|0
        verification|1,000|290|29.0 %|7|3
        all|6,000|290|4.8 %|7|3
        12 shards in out/pir, 2 min 5 s
        """, Cells(new(Totals, "out/pir", 12, TimeSpan.FromSeconds(125))));

    [TestMethod]
    public void Rows_out_are_told_where_a_stage_makes_several_of_one() =>
        Assert.Contains("out|3,000|150.0 %", Cells(new(Totals with { RowsOut = 3000 }, "out", 1, TimeSpan.Zero)));

    [TestMethod]
    public void A_run_without_rows_divides_by_nothing() =>
        Assert.StartsWith("rows|count|share\nin|0|-\nkept|0|-\n0 shards",
            Cells(new(RunTotals.Zero, "out", 0, TimeSpan.Zero)));

    [TestMethod]
    public void A_long_folder_stays_in_one_line()
    {
        var folder = new string('x', 500) + "[/]";
        Assert.Contains($"1 shard in {folder}, 0.0 s", Cells(new(RunTotals.Zero, folder, 1, TimeSpan.Zero)));
    }

    [TestMethod]
    [DataRow(4.25, "4.3 s")]
    [DataRow(61, "1 min 1 s")]
    [DataRow(3600 * 30, "30 h 0 min")]
    public void A_duration_is_coarser_the_longer_it_is(double seconds, string text) =>
        Assert.AreEqual(text, Numbers.Duration(TimeSpan.FromSeconds(seconds)));

    private static string Cells(ClosingTable table)
    {
        using var writer = new StringWriter();
        table.Write(SampleTraces.Log(writer));
        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join('\n', lines.Where(line => line.Any(char.IsLetterOrDigit))
            .Select(line => string.Join('|', line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))));
    }
}
