using System.Text.Json;
using System.Text.RegularExpressions;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;
using ML.Pipelines.Tests.Pruning;
using ML.Pipelines.Text;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed partial class EvidenceStepScorerTests : RunTest
{
    [TestMethod]
    [DataRow(0.0, PruningScope.Solution)]
    [DataRow(0.3, PruningScope.Solution)]
    [DataRow(1.0, PruningScope.Solution)]
    [DataRow(0.4, PruningScope.Corpus)]
    public void Another_ratio_from_evidence_gives_the_bytes_of_a_run_of_its_own(double ratio, PruningScope scope)
    {
        var options = new PruningOptions { Ratio = ratio, Scope = scope };
        Run("first");
        var fresh = Run("fresh", options);
        Scorer = new() { Asked = _ => throw new InvalidOperationException("a model was asked") };
        AssertSame(fresh with { Usage = new Dictionary<string, ModelUsage>() }, Run("again", options, EvidenceStepScorer.Load(FolderOf("first"), Format)));
        AssertSame(WithoutUsage("fresh"), WithoutUsage("again"));
    }

    [TestMethod]
    public void Truncated_and_overflowing_rows_come_out_as_in_a_run_of_its_own()
    {
        var first = new PruningOptions { Ratio = 0.2, Overflow = OverflowPolicy.TruncateEarliest };
        var second = first with { Ratio = 0.8 };
        Scorer = new() { Noisy = true, ContextLength = 22 };
        Run("first", first);
        Run("fresh", second);
        Assert.Contains("context-truncated", Files("fresh")["evidence/part-00000.rows"]);
        Run("again", second, EvidenceStepScorer.Load(FolderOf("first"), Format));
        AssertSame(WithoutUsage("fresh"), WithoutUsage("again"));
    }

    [TestMethod]
    public void Quarantined_rows_stay_quarantined_with_their_errors()
    {
        Scorer = new() { ContextLength = 10 };
        Run("first");
        Run("again", new() { Ratio = 0.9 }, EvidenceStepScorer.Load(FolderOf("first"), Format), change: SameOptions);
        Assert.Contains(ErrorCode.ContextOverflow, Files("first")["quarantine/part-00000.rows"]);
        foreach (var file in FolderOf("first").Files("quarantine", ".rows").Select(Path.GetFileName))
            Assert.AreEqual(Files("first")[$"quarantine/{file}"], Files("again")[$"quarantine/{file}"]);
    }

    [TestMethod]
    public async Task Evidence_of_another_segmentation_is_refused()
    {
        Run();
        var scorer = EvidenceStepScorer.Load(FolderOf(), Format);
        var row = Rows("r0");
        var fault = await Assert.ThrowsExactlyAsync<PipelineException>(async () => await ScoreAsync(scorer, row, [new(0, row.Reasoning.Length)]));
        Assert.AreEqual(ErrorCode.EvidenceMismatch, fault.Code);
        Assert.StartsWith("Row r0: its steps have other spans.", fault.Message);
    }

    [TestMethod]
    public async Task A_row_that_the_run_did_not_have_is_refused()
    {
        Run();
        var scorer = EvidenceStepScorer.Load(FolderOf(), Format);
        var fault = await Assert.ThrowsExactlyAsync<PipelineException>(async () => await ScoreAsync(scorer, Rows("r0") with { Id = "new" }));
        Assert.AreEqual(ErrorCode.EvidenceMismatch, fault.Code);
    }

    [TestMethod]
    public void Evidence_of_a_method_without_scores_is_refused()
    {
        Run("first", new() { Method = PruningMethod.Rule });
        var fault = Throws(ErrorCode.EvidenceMismatch, () => Run("again", new(), EvidenceStepScorer.Load(FolderOf("first"), Format)));
        Assert.Contains("was not scored by that run's method", fault.Message);
    }

    [TestMethod]
    public void Evidence_of_all_steps_serves_a_method_that_scores_some()
    {
        Run("first", new() { Method = PruningMethod.Spirit });
        Run("fresh", new() { Ratio = 0.5 });
        Run("again", new() { Ratio = 0.5 }, EvidenceStepScorer.Load(FolderOf("first"), Format));
        AssertSame(WithoutUsage("fresh"), WithoutUsage("again"));
    }

    [TestMethod]
    [DataRow("r0", "r2", "two kept rows")]
    [DataRow("r0", "r7", "a kept and a quarantined row")]
    [DataRow("r7", "r0", "a quarantined and a kept row")]
    public void Rows_that_share_an_id_are_refused_instead_of_mixed(string one, string other, string what)
    {
        File.WriteAllText(Input, File.ReadAllText(Input).Replace($"\"{one}\"", $"\"{other}\"", StringComparison.Ordinal));
        Run("first");
        var fault = Throws(ErrorCode.DuplicateId, () => Run("again", new() { Ratio = 0.9 }, EvidenceStepScorer.Load(FolderOf("first"), Format)));
        Assert.Contains($"Row {other}: several rows of the earlier run have this id", fault.Message, what);
    }

    [TestMethod]
    public void Two_quarantined_rows_that_share_an_id_are_refused()
    {
        File.AppendAllText(Input, File.ReadAllLines(Input)[7] + "\n");
        Run("first");
        Throws(ErrorCode.DuplicateId, () => Run("again", new() { Ratio = 0.9 }, EvidenceStepScorer.Load(FolderOf("first"), Format)));
    }

    [TestMethod]
    public void A_folder_without_evidence_is_refused()
    {
        var fault = Throws(ErrorCode.EvidenceMismatch, () => EvidenceStepScorer.Load(FolderOf("nothing"), Format));
        Assert.Contains("holds no evidence", fault.Message);
    }

    private static RunDefinition SameOptions(RunDefinition definition) =>
        definition with { Options = [new("stages.prune.ratio", "0.5"), definition.Options[1]] };

    private PruningRow Rows(string id)
    {
        using var json = JsonDocument.Parse(File.ReadAllLines(Input).Single(line => line.Contains($"\"{id}\"", StringComparison.Ordinal)));
        return Lines.RowOf(id, "42", json.RootElement.GetProperty("reasoning").GetString()!.TrimEnd('\n').Split('\n'));
    }

    // No model is asked, so the calls are not counted.
    private SortedDictionary<string, string> WithoutUsage(string output)
    {
        var files = Files(output);
        files[Manifest.FileName] = Usage().Replace(files[Manifest.FileName], "");
        files[DataCard.FileName] = CardUsage().Replace(files[DataCard.FileName], "");
        return files;
    }

    [GeneratedRegex(",\"usage\":{[^}]*}}")]
    private static partial Regex Usage();

    [GeneratedRegex(@"\n## Model calls\n[^#]*?Cost: [^\n]*\n")]
    private static partial Regex CardUsage();

    private static async Task<StepScores> ScoreAsync(EvidenceStepScorer scorer, PruningRow row, TextSpan[]? steps = null) =>
        await scorer.ScoreAsync(new(row.Id, "", row.Reasoning, steps ?? Lines.Split(row.Reasoning), 1, "", "42", []), CancellationToken.None);
}
