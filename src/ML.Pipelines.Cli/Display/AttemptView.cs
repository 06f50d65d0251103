using System.Globalization;
using System.Text;
using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Cli.Display;

/// <summary>What is shown of a trace that a teacher was asked to shorten. Text of the data set is cleaned (<see cref="TerminalText"/>).</summary>
internal static class AttemptView
{
    /// <summary>The line above all.</summary>
    public static string Header(RunTrace trace) =>
        $"{TerminalText.Clean(trace.Id)}: {Many(trace.Attempts.Count, "attempt")}, {trace.Attempts.Count(IsPassed)} passed, "
        + $"{Many(trace.Output.Count, "chain")} in the output";

    /// <summary>Each attempt, the original chain and those of the output, with their texts; nothing where no teacher was asked.</summary>
    public static IEnumerable<(string Heading, string? Text)> Parts(RunTrace trace)
    {
        if (trace.Attempts.Count == 0) yield break;
        yield return (string.Join('\n', trace.Attempts.Select(Line)), null);
        yield return ("original", Cleaned(trace.Reasoning));
        foreach (var chain in trace.Output) yield return (chain.Name, Cleaned(chain.Text));
    }

    private static string Line(AttemptEvidence attempt)
    {
        var line = new StringBuilder();
        var asked = attempt.Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{attempt.Stage} {rate:0.##}") : attempt.Stage;
        line.Append(CultureInfo.InvariantCulture, $"{attempt.Attempt,4}  {TerminalText.Clean(asked),-14} {TerminalText.Clean(attempt.Verdict),-18}");
        if (attempt.TokensAfter is { } after)
            line.Append($" {Numbers.Count(attempt.TokensBefore)} -> {Numbers.Count(after)} tokens");
        if (attempt.AchievedRate is { } achieved) line.Append(CultureInfo.InvariantCulture, $", {100 * achieved:0.0} % of words gone");
        if (attempt.Difficulty is { } level) line.Append($", {DifficultyFrame.NameOf(level)}");
        if (attempt.Answer is { } answer) line.Append($", answer {TerminalText.Clean(answer)}");
        if (attempt.NumbersKept is { } numbers and < 1) line.Append(CultureInfo.InvariantCulture, $", {100 * numbers:0.0} % of numbers kept");
        if (attempt.AnswerLossIncrease is { } loss) line.Append($", answer loss {Numbers.Signed(loss)}");
        return line.ToString().TrimEnd();
    }

    private static bool IsPassed(AttemptEvidence attempt) => attempt.Verdict == AttemptEvidence.Passed;

    private static string Cleaned(string text) => TerminalText.Clean(text).Trim('\n');

    private static string Many(int count, string what) => $"{Numbers.Count(count)} {what}{(count == 1 ? "" : "s")}";
}
