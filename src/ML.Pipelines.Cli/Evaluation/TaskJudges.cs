using ML.Pipelines.Lengthening;

namespace ML.Pipelines.Cli.Evaluation;

/// <summary>What a reply adds to a figure of its task: the figure is the sum of values over the sum of counts.</summary>
internal readonly record struct TaskMeasurement(string Figure, double Value, long Count = 1)
{
    public static TaskMeasurement Of(string figure, bool holds) => new(figure, holds ? 1 : 0);
}

/// <summary>Judges replies by the rules of their tasks. Replies are compared without white space at their ends.</summary>
internal static class TaskJudges
{
    /// <summary>The reply is the expected one to the letter.</summary>
    public const string Exact = "exact";

    private const string Accepted = "accepted";
    private const string FinalAnswer = "final answer";
    private const string SolutionMark = "Final answer: ";
    private const string QuoteMark = "\nAnswer: ";
    private const string QuestionMark = "\nQuestion: ";
    private const double RateTolerance = .05, Rounding = 1e-9;
    private const double LeastGrowth = 1.2;

    private static readonly Dictionary<string, Func<TaskPrompt, string, IEnumerable<TaskMeasurement>>> Judges = new(StringComparer.Ordinal)
    {
        ["judge"] = OnlyExact,
        ["rewrite"] = (row, reply) => [.. OnlyExact(row, reply), TaskMeasurement.Of("ends with the answer", EndsWith(reply, row.Answer!))],
        ["compress"] = Compress,
        ["classify"] = Classify,
        ["extend"] = (row, reply) => [TaskMeasurement.Of(Accepted, IsFit(reply)
            && WordCount.Of(reply) > LeastGrowth * WordCount.Of(row.Original!))],
        ["write"] = (row, reply) => [new("length score", LengthConstraint.About(row.Words!.Value).Score(WordCount.Of(reply))),
            TaskMeasurement.Of("passes the response check", IsFit(reply))],
        ["answer"] = (row, reply) => [.. OnlyExact(row, reply), TaskMeasurement.Of(FinalAnswer, EndsBehind(QuoteMark, reply, row.Answer!))],
        ["ask"] = (row, reply) => [TaskMeasurement.Of("one of the right questions", row.Questions!.Any(question => Same(question, Asked(reply))))],
        ["solve"] = Solve,
    };

    /// <summary>The tasks.</summary>
    public static IEnumerable<string> Tasks => Judges.Keys;

    /// <summary>What a row adds to the figures of its task.</summary>
    /// <param name="row">A row without a fault.</param>
    /// <param name="reply">The model's reply.</param>
    public static IEnumerable<TaskMeasurement> Judge(TaskPrompt row, string reply) => Judges[row.Task](row, reply.Trim());

    /// <summary>What is wrong with a row, e.g. that its task needs a field that it lacks; null where nothing is.</summary>
    public static string? FaultIn(TaskPrompt row) => row.Task switch
    {
        "rewrite" or "solve" or "answer" => row.Answer is null ? "answer is missing" : null,
        "compress" => row.Rate is not (>= 0 and <= 1) ? "rate is not a number from 0 to 1"
            : row.Required is null ? "required is missing" : MissingOriginal(row),
        "extend" => MissingOriginal(row),
        "write" => row.Words is not >= 1 ? "words is not a number of at least 1" : null,
        "ask" => row.Questions is not { Count: > 0 } ? "questions is missing" : null,
        "classify" => Labels(row.Reply).Count == 0 ? "reply has no line such as '1: progressive'" : null,
        _ => Judges.ContainsKey(row.Task) ? null : $"there is no task '{row.Task}'; the tasks are {string.Join(", ", Tasks)}",
    };

    private static string? MissingOriginal(TaskPrompt row) =>
        row.Original is null || WordCount.Of(row.Original) == 0 ? "original is missing or has no words" : null;

    private static IEnumerable<TaskMeasurement> OnlyExact(TaskPrompt row, string reply) =>
        [TaskMeasurement.Of(Exact, Same(row.Reply, reply))];

    private static IEnumerable<TaskMeasurement> Compress(TaskPrompt row, string reply)
    {
        var difference = Math.Abs(1 - (double)WordCount.Of(reply) / WordCount.Of(row.Original!) - row.Rate!.Value);
        var accepted = HoldsInOrder(reply, row.Required!) && difference <= RateTolerance + Rounding;
        return [TaskMeasurement.Of(Accepted, accepted), new("difference from the rate", difference)];
    }

    private static IEnumerable<TaskMeasurement> Classify(TaskPrompt row, string reply)
    {
        var (expected, actual) = (Labels(row.Reply), Labels(reply));
        var right = expected.Count(step => actual.GetValueOrDefault(step.Key) == step.Value);
        return [.. OnlyExact(row, reply), new("steps", right, expected.Count)];
    }

    private static IEnumerable<TaskMeasurement> Solve(TaskPrompt row, string reply)
    {
        var right = EndsBehind(SolutionMark, reply, row.Answer!);
        yield return TaskMeasurement.Of(FinalAnswer, right);
        if (row.Unseen) yield return TaskMeasurement.Of("final answer, unseen operations", right);
    }

    // A question may follow the sentence that it is about.
    private static string Asked(string reply)
    {
        var at = reply.LastIndexOf(QuestionMark, StringComparison.Ordinal);
        return at < 0 ? reply : reply[(at + QuestionMark.Length)..];
    }

    private static bool EndsBehind(string mark, string reply, string answer)
    {
        var at = reply.LastIndexOf(mark, StringComparison.Ordinal);
        return at >= 0 && Same(answer, reply[(at + mark.Length)..]);
    }

    // The first line of a step counts, should it have several.
    private static Dictionary<string, string> Labels(string reply)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in reply.Split('\n'))
            if (line.Split(": ", 2) is [var step, var label] && int.TryParse(step, out _)) labels.TryAdd(step.Trim(), label.Trim());
        return labels;
    }

    private static bool HoldsInOrder(string reply, IReadOnlyList<string> required)
    {
        var from = 0;
        foreach (var text in required)
        {
            var at = reply.IndexOf(text, from, StringComparison.Ordinal);
            if (at < 0) return false;
            from = at + text.Length;
        }
        return true;
    }

    // The last line holds the answer, and no other number behind it: "it is 15, which was asked." ends with 15, "115" does not.
    private static bool EndsWith(string reply, string answer)
    {
        var line = reply[(reply.LastIndexOf('\n') + 1)..];
        var start = line.LastIndexOf(answer, StringComparison.Ordinal);
        if (start < 0 || (start > 0 && IsPartOfNumber(line[start - 1]))) return false;
        var rest = line.AsSpan(start + answer.Length);
        return !rest.ContainsAnyInRange('0', '9') && (rest.IsEmpty || !char.IsLetter(rest[0]));
    }

    private static bool IsPartOfNumber(char character) => char.IsLetterOrDigit(character) || character is '.' or ',' or '-' or '/';

    private static bool IsFit(string reply) => ResponseCheck.Passes(reply, ResponseLanguage.English);

    private static bool Same(string expected, string reply) => expected.AsSpan().Trim().SequenceEqual(reply.AsSpan().Trim());
}
