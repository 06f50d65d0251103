using System.Globalization;
using ML.Pipelines.Text;

namespace ML.Pipelines.Formatting;

/// <summary>The texts of conditioned training (C3oT): plain words before the instruction, no new tokens.</summary>
public sealed record ConditionTexts
{
    /// <summary>The long condition.</summary>
    public string LongCondition { get; init; } = "Answer the question with a detailed thought process";

    /// <summary>The short condition.</summary>
    public string ShortCondition { get; init; } = "Answer the question with a thought process as brief as possible";

    /// <summary>The condition of a compression level; {level} stands for 1 to 6.</summary>
    public string LevelCondition { get; init; } = "Answer the question with a thought process of compression level {level}";

    /// <summary>What stands between condition and question.</summary>
    public string ConditionEnd { get; init; } = ": ";

    /// <summary>What stands between chain and answer; {answer} stands for the answer.</summary>
    public string AnswerPhrase { get; init; } = "\nThe answer is {answer}";
}

/// <summary>A row of conditioned training.</summary>
/// <param name="Instruction">Condition and question.</param>
/// <param name="Output">Chain and answer.</param>
/// <param name="Condition"><c>long</c>, <c>short</c> or <c>level_1</c> to <c>level_6</c>.</param>
/// <param name="SourceId">The id of the row it came from.</param>
/// <param name="Rate">The compression rate, at most 1: (L - l) / L in words for long (0) and short, the asked one for levels.</param>
public sealed record ConditionedRow(string Instruction, string Output, string Condition, string SourceId, double Rate);

/// <summary>Conditioned training rows (C3oT, Conditioned Compressed Chain-of-Thought).</summary>
public static class ConditionedFormat
{
    /// <summary>The condition of long chains.</summary>
    public const string LongName = "long";

    /// <summary>The condition of compressed chains.</summary>
    public const string ShortName = "short";

    /// <summary>The drop reason of rows without a long chain.</summary>
    public const string NoLongChain = "no-long-chain";

    /// <summary>The drop reason of rows without any compressed chain.</summary>
    public const string NoShortChain = "no-short-chain";

    /// <summary>The compression rates of levels 1 to 6 (Mixed Conditions); at 1 there is no chain.</summary>
    public static IReadOnlyList<double> LevelRates { get; } = [.5, .6, .7, .8, .9, 1];

    /// <summary>The name of a level's condition.</summary>
    /// <param name="level">1 to 6.</param>
    public static string LevelName(int level) => string.Create(CultureInfo.InvariantCulture, $"level_{Checked(level)}");

    /// <summary>The percent of words that a level takes out: 50 to 100.</summary>
    /// <param name="level">1 to 6.</param>
    public static int LevelPercent(int level) => (int)Math.Round(100 * LevelRates[Checked(level) - 1]);

    /// <summary>rho = (L - l) / L, from minus infinity to 1; 0 where L is 0.</summary>
    /// <param name="length">L, the long chain's length.</param>
    /// <param name="compressed">l, the compressed chain's length in the same unit.</param>
    public static double CompressionRate(double length, double compressed) => length == 0 ? 0 : (length - compressed) / length;

    /// <summary>A question under a condition: what is trained, and what conditioned inference asks.</summary>
    /// <param name="question">The question.</param>
    /// <param name="condition"><see cref="LongName"/>, <see cref="ShortName"/> or <see cref="LevelName"/>.</param>
    /// <param name="texts">The condition texts; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no such condition.</exception>
    public static string Instruction(string question, string condition, ConditionTexts? texts = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(condition);
        texts ??= new();
        return Text(condition, texts) + texts.ConditionEnd + question;
    }

    /// <summary>The rows of a question: one under the long condition, one under the short, one for each level that has a chain. The answer
    /// is copied behind each chain.</summary>
    /// <param name="sourceId">The id of the source row.</param>
    /// <param name="question">The question.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="longChain">The chain as it was.</param>
    /// <param name="shortChain">The compressed chain; null or blank: no row.</param>
    /// <param name="levels">Chains of levels 1 and up, at most 6; null or blank: no row, but for level 6, which has no chain by
    /// definition and a row where its element is not null.</param>
    /// <param name="texts">The condition texts; null for the defaults.</param>
    public static IReadOnlyList<ConditionedRow> Rows(
        string sourceId, string question, string answer, string longChain, string? shortChain, IReadOnlyList<string?>? levels = null,
        ConditionTexts? texts = null)
    {
        ArgumentNullException.ThrowIfNull(longChain);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels?.Count ?? 0, LevelRates.Count, nameof(levels));
        texts ??= new();
        var rows = new List<ConditionedRow> { Row(longChain, LongName, 0) };
        if (!string.IsNullOrWhiteSpace(shortChain))
            rows.Add(Row(shortChain, ShortName, CompressionRate(Words.Count(longChain), Words.Count(shortChain))));
        for (var i = 0; i < (levels?.Count ?? 0); i++)
        {
            var isEmpty = LevelRates[i] == 1;
            if (isEmpty ? levels![i] is not null : !string.IsNullOrWhiteSpace(levels![i]))
                rows.Add(Row(isEmpty ? "" : levels[i]!, LevelName(i + 1), LevelRates[i]));
        }
        return rows;

        ConditionedRow Row(string chain, string condition, double rate) =>
            new(Instruction(question, condition, texts), Output(chain, answer, texts), condition, sourceId, rate);
    }

    private static string Output(string chain, string answer, ConditionTexts texts) =>
        (chain + texts.AnswerPhrase.Replace("{answer}", answer, StringComparison.Ordinal)).TrimStart('\n');

    private static string Text(string condition, ConditionTexts texts)
    {
        if (condition == LongName) return texts.LongCondition;
        if (condition == ShortName) return texts.ShortCondition;
        var level = Enumerable.Range(1, LevelRates.Count).FirstOrDefault(level => LevelName(level) == condition);
        return level > 0
            ? texts.LevelCondition.Replace("{level}", level.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            : throw new ArgumentException($"There is no condition '{condition}': long, short, level_1 to level_6.", nameof(condition));
    }

    private static int Checked(int level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, LevelRates.Count);
        return level;
    }
}
