using System.Text.Json;
using ML.Pipelines.Compression;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;

namespace ML.Pipelines.OnnxRuntime.Tests.Compression;

/// <summary>Compression of 200 GSM8K rationales with the bundled model, beside dropping words at random.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class Gsm8kCompressionTests
{
    private const int Rows = 200;
    private const int Seeds = 5;
    // Nats; five equal losses have a mean that may differ in the last bit.
    private const double Rounding = 1e-9;

    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow(.5)]
    [DataRow(.3)]
    [DataRow(.1)]
    public async Task Each_rate_is_met_and_the_answer_stays_likelier_than_behind_random_words(double rate)
    {
        var figures = await Task.WhenAll(Rationales().Select(row => Task.Run(() => MeasureAsync(row, rate))));
        Report(rate, figures);
        Assert.HasCount(Rows, figures);
        Assert.AreEqual(0, figures.Count(row => row.LostProtected), "a protected word went");
        Assert.AreEqual(0, figures.Count(row => row.Compressed.Note is null && Math.Abs(row.Compressed.AchievedRate - rate) > .02 + 1e-9));
        Assert.AreEqual(0, figures.Count(row => row.Compressed.Note == CompressedChain.WholeWordsNote && row.Compressed.Words >= 25));
        Assert.IsGreaterThanOrEqualTo(.9 * Rows, figures.Count(row => row.Advantage > Rounding));
    }

    private void Report(double rate, Figures[] rows)
    {
        string[] lines =
        [
            $"rate {rate}: {rows.Average(row => row.Compressed.AchievedRate):0.0000} of words went (mean of rows), "
                + $"{1 - rows.Sum(row => row.Compressed.KeptWords) / (double)rows.Sum(row => row.Compressed.Words):0.0000} of all words, "
                + $"{1 - rows.Sum(row => row.Compressed.KeptTokens) / (double)rows.Sum(row => row.Compressed.Tokens):0.0000} of all tokens",
            $"within 2 points {rows.Count(row => row.Compressed.Note is null)}, too few words {rows.Count(row => row.Compressed.Note
                == CompressedChain.WholeWordsNote)}, protected {rows.Count(row => row.Compressed.Note == CompressedChain.ProtectedNote)}",
            $"answer likelier than behind random words {rows.Count(row => row.Advantage > Rounding)}, "
                + $"the same {rows.Count(row => Math.Abs(row.Advantage) <= Rounding)}",
            $"mean rise of the answer's loss {rows.Average(row => row.Loss - row.WholeLoss):0.0000}, "
                + $"random {rows.Average(row => row.RandomLoss - row.WholeLoss):0.0000}, "
                + $"self-information alone {rows.Average(row => row.InformationLoss - row.WholeLoss):0.0000} "
                + $"(below random in {rows.Count(row => row.InformationLoss < row.RandomLoss - Rounding)})",
        ];
        foreach (var line in lines) TestContext.WriteLine(line);
    }

    private static async Task<Figures> MeasureAsync(CompressionRow row, double rate)
    {
        var compressed = await CompressAsync(row, new() { Rate = rate });
        var random = new List<double>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var dropped = await CompressAsync(row, new() { Rate = rate, Method = CompressionMethod.Random, Seed = seed });
            Assert.AreEqual(compressed.KeptWords, dropped.KeptWords);
            random.Add(await LossAsync(row, dropped.Text));
        }
        var information = await CompressAsync(row, new() { Rate = rate, Method = CompressionMethod.SelfInformation });
        var words = ProtectedWords.Of(row.Chain, row.Answer);
        var lost = words.Any(word => word.IsProtected
            && compressed.Dropped.Any(span => span.Start < word.Span.End && word.Span.Start < span.End));
        return new(compressed, await LossAsync(row, compressed.Text), random.Average(), await LossAsync(row, information.Text),
            await LossAsync(row, row.Chain), lost);
    }

    private static async Task<CompressedChain> CompressAsync(CompressionRow row, CompressionOptions options)
    {
        var outcome = await new SelfInformationCompressor(Scorer, options).CompressAsync(row);
        return outcome.Rows.Single();
    }

    private static async Task<double> LossAsync(CompressionRow row, string chain)
    {
        var options = new CompressionOptions();
        var prefix = options.Prefix.Replace("{question}", row.Question, StringComparison.Ordinal);
        return (await Scorer.ScoreAnswerAsync(new(row.Id, prefix, chain, options.Bridge, row.Answer!), CancellationToken.None)).Loss;
    }

    private static LanguageWordScorer Scorer { get; } = new(TestScorers.Bundled, TestScorers.Bundled);

    private static IEnumerable<CompressionRow> Rationales() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "gsm8k.jsonl")).Take(Rows).Select(line =>
        {
            var row = JsonDocument.Parse(line).RootElement;
            var sentences = row.GetProperty("sentences").EnumerateArray().Select(sentence => sentence.GetString());
            return new CompressionRow(row.GetProperty("id").GetString()!, row.GetProperty("question").GetString()!,
                string.Join('\n', sentences), row.GetProperty("answer").GetString()!, []);
        });

    private sealed record Figures(CompressedChain Compressed, double Loss, double RandomLoss, double InformationLoss, double WholeLoss,
        bool LostProtected)
    {
        /// <summary>How much likelier the answer is than behind random words, nats per token.</summary>
        public double Advantage => RandomLoss - Loss;
    }
}
