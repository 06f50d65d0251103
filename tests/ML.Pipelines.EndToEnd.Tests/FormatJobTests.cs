using System.Text.Json;
using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Formatting;
using ML.Pipelines.Parquet;
using ML.Pipelines.Parquet.DuckDB;
using ML.Pipelines.Runs;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>The jobs of pipelines/formats, as a user runs them: rows of another shape for a trainer, in Parquet.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class FormatJobTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Out => _folder.File("out");

    [TestMethod]
    [DataRow("mix-chains", "chains", 10, "")]
    [DataRow("bilevel-preferences", "chains", 11, "choice-answer 1")]
    [DataRow("stepwise-preferences", "chains", 7, "")]
    [DataRow("length-priming", "sentences", 2, "not-shorter 1")]
    [DataRow("meta-length", "outputs", 3, "no-length-token 1")]
    [DataRow("conditioned", "compressed", 7, "")]
    public void A_job_makes_the_rows_of_its_sample(string job, string sample, int rows, string dropped)
    {
        MlPipe.Run("run", Job(job), "--output", Out).Expect(0);
        var entries = Manifest.Read(Out);
        Assert.AreEqual(File.ReadLines(TestFolder.Sample(sample + ".jsonl")).Count(), entries.Sum(entry => entry.RowsIn));
        Assert.AreEqual(rows, entries.Sum(entry => entry.RowsOut));
        var reasons = entries.SelectMany(entry => entry.Dropped).Select(reason => $"{reason.Key} {reason.Value}");
        Assert.AreEqual(dropped, string.Join(", ", reasons));
        Assert.AreEqual($"{rows}", Read("count(*)").Single());
    }

    [TestMethod]
    public void Mixed_chains_have_the_betas_of_their_lengths_from_the_longest_to_the_shortest()
    {
        string[] chains = ["a", "b", "c", "d", "e"];
        Write(new { id = "r", question = "q", chains, n = new[] { 2796, 3107, 3867, 4972, 1 }, ok = chains.Select(chain => chain != "e") });
        Run("mix-chains", "stages.mix-chains.chainsTokens=n", "stages.mix-chains.chainsCorrect=ok", "input.columns=[]");
        Assert.AreSequenceEqual(["d 4972 0.0 1/4", "c 3867 0.5078 2/4", "b 3107 0.8571 3/4", "a 2796 1.0 4/4"],
            Read("chain || ' ' || tokens || ' ' || round(beta, 4) || ' ' || stage || '/' || stages"));
    }

    [TestMethod]
    [DataRow(12, 6, "long")]
    [DataRow(9, 9, "short")]
    [DataRow(6, 12, "short")]
    public void Bilevel_pairs_prefer_the_group_that_the_gain_of_12_samples_says(int longRight, int shortRight, string preferred)
    {
        Write(new
        {
            id = "r",
            question = "q",
            answer = "5",
            long_chains = Texts("long"),
            short_chains = Texts("short"),
            lt = Enumerable.Repeat(4000, 12),
            st = Enumerable.Repeat(1000, 12),
            lc = Enumerable.Range(0, 12).Select(i => i < longRight),
            sc = Enumerable.Range(0, 12).Select(i => i < shortRight),
        });
        Run("bilevel-preferences", "input.columns=[]",
            "stages.bilevel-preferences.longChainsTokens=lt", "stages.bilevel-preferences.longChainsCorrect=lc",
            "stages.bilevel-preferences.shortChainsTokens=st", "stages.bilevel-preferences.shortChainsCorrect=sc");
        Assert.AreSequenceEqual(["group 4", "instance 2"], Read("kind || ' ' || count(*)", "GROUP BY kind ORDER BY 1"));
        Assert.AreEqual(preferred, Read("DISTINCT split_part(chosen, ' ', 1)").Single());
        Assert.AreEqual("0", Read("count(*) FILTER (chosen = rejected OR weight <> 1)").Single());

        static IEnumerable<string> Texts(string name) => Enumerable.Range(0, 12).Select(i => $"{name} {i}");
    }

    [TestMethod]
    public void Another_seed_makes_other_pairs_and_is_another_run()
    {
        Write(new { id = "r", question = "q", answer = "5", long_chains = Texts("5"), short_chains = Texts("6") });
        Run("bilevel-preferences");
        var first = Read("chosen || rejected");
        var refused = Start("bilevel-preferences", "stages.bilevel-preferences.seed=2").Expect(2);
        Assert.Contains("stages.bilevel-preferences.seed", refused.Error);
        Directory.Delete(Out, recursive: true);
        Run("bilevel-preferences", "stages.bilevel-preferences.seed=2");
        Assert.AreNotSequenceEqual(first, Read("chosen || rejected"));

        static IEnumerable<string> Texts(string answer) => Enumerable.Range(0, 9).Select(i => $"By way {i} the answer is {answer}");
    }

    [TestMethod]
    public void Stepwise_pairs_choose_the_shortest_correct_response_against_one_of_each_pool()
    {
        Run("stepwise-preferences", TestFolder.Sample("chains.jsonl"));
        Assert.AreSequenceEqual(
            ["c1 length", "c1 accuracy", "c2 length", "c2 accuracy", "c3 length", "c3 accuracy", "c4 length"], Read("id || ' ' || kind"));
        Assert.AreSequenceEqual(["5 x 12 = 60. The answer is 60", "5 x 12 = 60. The answer is 60"], Read("chosen", "WHERE id = 'c1'"));
        Assert.AreEqual("5 + 12 = 17. The answer is 17", Read("rejected", "WHERE id = 'c1' AND kind = 'accuracy'").Single());
    }

    [TestMethod]
    public void Length_priming_tells_the_words_of_source_and_first_summary()
    {
        MlPipe.Run("run", Job("length-priming"), "--output", Out).Expect(0);
        Assert.AreSequenceEqual(
            ["s1 20 10 10", "s2 19 8 11"], Read("id || ' ' || source_words || ' ' || keep_words || ' ' || delete_words"));
        Assert.Contains("Shorten it to 10 words by leaving out 10.", Read("instruction")[0]!);
    }

    [TestMethod]
    public void Meta_length_tokens_are_those_of_the_bins()
    {
        Write([.. new[] { 15, 16, 136, 801 }.Select(words => new { output = string.Join(' ', Enumerable.Repeat("word", words)) })]);
        Run("meta-length");
        Assert.AreSequenceEqual(["[MLT:10] 15", "[MLT:150] 136", "[MLT:>800] 801"], Read("mlt || ' ' || word_count"));
        Assert.AreEqual("3", Read("count(*) FILTER (starts_with(output, mlt || 'word'))").Single());
    }

    [TestMethod]
    public void Conditioned_rows_have_the_papers_rate_and_ask_what_inference_asks()
    {
        Write(new { id = "r", question = "q", answer = "5", reasoning = Words(300), @short = Words(130) });
        Run("conditioned", "stages.conditioned.answerOnly=false");
        Assert.AreSequenceEqual(["long r 0.0", "short r 0.5667"], Read("condition || ' ' || source_id || ' ' || round(rate, 4)"));
        Assert.AreEqual(ConditionedFormat.Instruction("q", "short"), Read("instruction", "WHERE condition = 'short'").Single());

        static string Words(int count) => string.Join(' ', Enumerable.Repeat("word", count));
    }

    [TestMethod]
    public void Levels_of_the_sample_are_those_of_its_columns()
    {
        MlPipe.Run("run", Job("conditioned"), "--output", Out).Expect(0);
        Assert.AreSequenceEqual(["k1 long level_1 level_4 level_6", "k2 long level_1 level_6"],
            Read("source_id || ' ' || string_agg(condition, ' ')", "GROUP BY source_id ORDER BY 1"));
        Assert.AreEqual("The answer is 37", Read("output", "WHERE source_id = 'k1' AND condition = 'level_6'").Single());
    }

    [TestMethod]
    public void Lists_of_Parquet_files_are_read_as_those_of_JSON_lines()
    {
        var ml = new MLContext(seed: 1);
        ml.Data.SaveAsParquet(ml.Data.LoadFromJsonLines(TestFolder.Sample("chains.jsonl")), _folder.File("in.parquet"));
        Run("mix-chains", _folder.File("in.parquet"));
        var parquet = Read("id || chain || tokens || beta || stage");
        Directory.Delete(Out, recursive: true);
        MlPipe.Run("run", Job("mix-chains"), "--output", Out).Expect(0);
        Assert.AreSequenceEqual(Read("id || chain || tokens || beta || stage"), parquet);
    }

    [TestMethod]
    [DataRow("chains", "{map: {question: question, answer: answer, reasoning: 'chains:first'}}")]
    [DataRow("in", "{}")]
    public void Lists_pass_through_adapt(string sample, string adapt)
    {
        Write(new { question = "q", reasoning = "r", answer = "5", chains = new[] { "the answer is 5", "so the answer is 5" } });
        var input = sample == "in" ? _folder.File("in.jsonl") : TestFolder.Sample(sample + ".jsonl");
        var job = _folder.Write("job.yaml",
            $"input: {{files: {input}}}\noutput: {{folder: out}}\nstages:\n  - adapt: {adapt}\n  - mix-chains\n");
        MlPipe.Run("run", job).Expect(0);
        Assert.AreEqual(sample == "in" ? "2" : "10", Read("count(*)").Single());
    }

    [TestMethod]
    [DataRow("mix-chains", "Column 'chains' (chainsColumn) is not there.")]
    [DataRow("bilevel-preferences", "Column 'long_chains' (longChainsColumn) is not there.")]
    [DataRow("stepwise-preferences", "Column 'chains' (chainsColumn) is not there.")]
    [DataRow("length-priming", "Column 'text' (textColumn) is not there.")]
    [DataRow("meta-length", "Column 'output' (textColumn) is not there.")]
    [DataRow("conditioned", "There is no column of compressed chains, neither short nor short_50, short_60 and so on.")]
    public void A_column_that_is_not_there_is_told_with_its_option(string stage, string error)
    {
        Write(new { id = "r", question = "q", answer = "5", reasoning = "r" });
        Assert.Contains(error, Start(stage, "input.columns=[]").Expect(2).Error.ReplaceLineEndings(" "));
    }

    [TestMethod]
    public void Without_an_answer_column_correctness_needs_one_of_its_own()
    {
        Write(new { id = "r", question = "q", chains = new[] { "a", "b c" } });
        var error = Start("mix-chains", "input.columns=[]").Expect(2).Error.ReplaceLineEndings(" ");
        Assert.Contains("Column 'answer' (answerColumn) is not there.", error);
    }

    public void Dispose() => _folder.Dispose();

    private static string Job(string name) => Path.Combine(AppContext.BaseDirectory, "pipelines", "formats", name + ".yaml");

    private void Write(params object[] rows) =>
        File.WriteAllLines(_folder.File("in.jsonl"), rows.Select(row => JsonSerializer.Serialize(row)));

    private void Run(string job, params string[] set) => Start(job, set).Expect(0);

    private MlPipe.Result Start(string job, params string[] set)
    {
        var input = set is [var file, ..] && File.Exists(file) ? file : _folder.File("in.jsonl");
        var options = set.Where(value => value != input).SelectMany(value => new[] { "--set", value });
        return MlPipe.Run(["run", Job(job), "--input", input, "--output", Out, .. options]);
    }

    private string?[] Read(string select, string rest = "") =>
        [.. DuckDBQuery.Execute($"SELECT {select} FROM '{Out}/data/*.parquet' {rest}").Rows.Select(row => row[0])];
}
