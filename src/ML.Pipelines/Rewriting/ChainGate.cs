using System.Text.RegularExpressions;
using ML.Pipelines.Teachers;
using ML.Pipelines.Text;

namespace ML.Pipelines.Rewriting;

/// <summary>Checks a shortened chain against the row it was made of. The first gate that fails is the verdict.</summary>
internal sealed partial class ChainGate
{
    public const string NoAnswer = "no-answer", AnswerChanged = "answer-changed", NotShorter = "not-shorter", LostNumbers = "lost-numbers";
    public const string CopiesPrompt = "copies-prompt", OtherLanguage = "other-language", AnswerLessLikely = "answer-less-likely";

    /// <summary>As many words in a row of the prompt's own text are no chance.</summary>
    private const int CopiedWords = 10;

    private readonly ShorteningOptions _options;
    private readonly HashSet<string> _promptRuns;

    /// <param name="options">The gates.</param>
    /// <param name="prompt">What no chain may repeat; null: nothing.</param>
    public ChainGate(ShorteningOptions options, PromptTemplate? prompt)
    {
        _options = options;
        _promptRuns = prompt is null ? [] : [.. Runs(prompt.System ?? ""), .. Placeholders().Split(prompt.User).SelectMany(Runs)];
    }

    /// <summary>What is wrong with a chain, and how to say so to the teacher; null: nothing.</summary>
    public (string Verdict, string Feedback)? Check(ChainRow row, string answer, ShortChain chain, int tokensBefore, int tokensAfter)
    {
        var text = chain.Reasoning + "\n" + chain.Solution;
        var (stated, states) = Answer(row, answer, chain);
        if (!states && stated is null) return (NoAnswer, $"It does not state the final answer, which is {answer}.");
        if (!states) return (AnswerChanged, $"Its final answer is {stated}, but the correct one is {answer}.");
        if (row.Reasoning.Length > 0 && (tokensAfter > (1 - _options.MinReduction) * tokensBefore))
            return (NotShorter, $"It has {tokensAfter} tokens where the given chain has {tokensBefore}. It must be shorter by at least {_options.MinReduction:P0}.");
        if (NumbersKept(row, text) < _options.MinNumbers) return (LostNumbers, "It lacks numbers of the question that the answer rests on.");
        if (Runs(text).Any(_promptRuns.Contains)) return (CopiesPrompt, "It repeats the instructions. Write the result alone.");
        if (WrittenLanguage.Differ(row.Reasoning.Length > 0 ? row.Reasoning : row.Question, text)) return (OtherLanguage, "It is in another language than the question.");
        return null;
    }

    /// <summary>The answer that a chain states, and whether it is the right one.</summary>
    public static (string? Stated, bool IsRight) Answer(ChainRow row, string answer, ShortChain chain)
    {
        var stated = chain.Solution is { } solution && !string.IsNullOrWhiteSpace(solution)
            ? AnswerExtractor.Extract(solution) ?? Short(solution)
            : null;
        stated ??= AnswerExtractor.Extract(chain.Reasoning);
        if (stated is not null && AnswerEquivalence.AreEquivalent(stated, answer)) return (stated, true);
        // A chain that only ends with its result, and a solution that is a sentence around it, state nothing in a known form.
        if (stated is null || (chain.Solution is not null && AnswerExtractor.Extract(chain.Solution) is null))
        {
            var place = AnswerOccurrence.FirstIn(Tail(chain), answer);
            if (place >= 0) return (answer, true);
        }
        return (stated, false);
    }

    /// <summary>Of the numbers of the question that the row's chain uses, the share that a text has; 1 where there are none.</summary>
    public static double NumbersKept(ChainRow row, string text)
    {
        var question = Numbers(row.Question);
        var needed = row.Reasoning.Length == 0 ? question : [.. question.Intersect(Numbers(row.Reasoning), StringComparer.Ordinal)];
        if (needed.Count == 0) return 1;
        var there = Numbers(text);
        return (double)needed.Count(there.Contains) / needed.Count;
    }

    // What stands last is what a reader takes for the result: the last line, and of an equation its right side.
    private static string Tail(ShortChain chain)
    {
        var text = (string.IsNullOrWhiteSpace(chain.Solution) ? chain.Reasoning : chain.Solution).TrimEnd();
        return text[(text.AsSpan().LastIndexOfAny('\n', '=') + 1)..];
    }

    // A solution that is the answer alone.
    private static string? Short(string solution)
    {
        const int Longest = 60;
        var text = solution.Trim().TrimEnd('.');
        return text.Length <= Longest && !text.Contains('\n', StringComparison.Ordinal) ? text : null;
    }

    private static HashSet<string> Numbers(string text) =>
        new(Number().Matches(text).Select(match => match.Value.Replace(",", "", StringComparison.Ordinal)), StringComparer.Ordinal);

    private static IEnumerable<string> Runs(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + CopiedWords <= words.Length; i++) yield return string.Join(' ', words, i, CopiedWords);
    }

    [GeneratedRegex(@"\d+(?:,\d{3})*(?:\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\{\{[a-z]+\}\}")]
    private static partial Regex Placeholders();
}
