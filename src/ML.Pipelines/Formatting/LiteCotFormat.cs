using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Formatting;

/// <summary>A row of LiteCoT (<c>data-schemas/litecot.json</c>), the form of SmallThoughts-100K.</summary>
/// <param name="SystemPrompt">The system prompt.</param>
/// <param name="Problem">The question.</param>
/// <param name="Solution">The solution alone.</param>
/// <param name="Messages">The problem and the teacher's whole text.</param>
public sealed record LiteCotRow(string SystemPrompt, string Problem, string Solution, IReadOnlyList<Message> Messages);

/// <summary>The columns of LiteCoT (DAP, arXiv 2505.19716; row assembly of SmallDoges/small-thoughts, <c>mix.py</c>): <c>problem</c> and
/// <c>solution</c> serve reinforcement learning, <c>messages</c> fine-tuning.</summary>
public static class LiteCotFormat
{
    /// <summary>The drop reason of rows without a chain.</summary>
    public const string NoChain = "no-chain";

    /// <summary>The drop reason of rows without a solution.</summary>
    public const string NoSolution = "no-solution";

    /// <summary>A question without one pair of double quotes around all of it; blanks outside the pair stay.</summary>
    /// <param name="question">The question.</param>
    public static string Problem(string question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var inside = question.Trim();
        if (inside.Length < 2 || inside[0] != '"' || inside[^1] != '"') return question;
        var (first, last) = (question.IndexOf('"', StringComparison.Ordinal), question.LastIndexOf('"'));
        return string.Concat(question.AsSpan(0, first), question.AsSpan(first + 1, last - first - 1), question.AsSpan(last + 1));
    }

    /// <summary>The teacher's text: the chain, then the solution; lines do not end in two blanks.</summary>
    /// <param name="chain">The chain of thought, without tags.</param>
    /// <param name="solution">The solution, without tags or heading.</param>
    /// <param name="tags">Whether both stand between their tags; else the heading <c>**Solution:**</c> is between them.</param>
    public static string TeacherText(string chain, string solution, bool tags = true)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(solution);
        var (thought, end) = (Lines(chain), Lines(solution).Trim());
        return tags
            ? $"<|begin_of_thought|>\n{thought}\n<|end_of_thought|>\n\n<|begin_of_solution|>\n{end}\n<|end_of_solution|>"
            : $"{thought.Trim()}\n\n**Solution:** {end}";
    }

    /// <summary>A system prompt that asks for the frame of the question's difficulty (<see cref="DifficultyFrame"/>) and a
    /// solution.</summary>
    /// <param name="tags">Whether thought and solution are to stand between their tags; else a heading is before the solution.</param>
    public static string SystemPrompt(bool tags = true)
    {
        var frames = Enum.GetValues<Difficulty>().Select(level => $"{DifficultyFrame.NameOf(level)}:\n{DifficultyFrame.Of(level).Text}");
        return "First judge how hard the question is: simple, moderate or hard. Then think in the frame of that level, with all its "
            + $"headings in this order:\n\n{string.Join("\n\n", frames)}\n\n" + (tags
                ? "Put the thoughts between <|begin_of_thought|> and <|end_of_thought|>, and then a concise solution with the final answer "
                    + "between <|begin_of_solution|> and <|end_of_solution|>."
                : "Then write **Solution:** and a concise solution with the final answer.");
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\n").Replace("  \n", "\n", StringComparison.Ordinal);

    internal static RowFormat<ConversationRow, LiteCotRow> Of(LiteCotOptions options)
    {
        var systemPrompt = options.SystemPrompt ?? SystemPrompt(options.Tags);
        return new()
        {
            Name = "format",
            Required =
            [
                (options.QuestionColumn, "questionColumn"), (options.ReasoningColumn, "reasoningColumn"),
                (options.SolutionColumn, "solutionColumn"),
            ],
            Optional = [options.SystemColumn],
            Consumed = [options.QuestionColumn, options.ReasoningColumn, options.SolutionColumn, options.SystemColumn],
            Read = row => Reader(row, options),
            RowId = _ => "",
            Rows = row => Row(row, systemPrompt, options.Tags),
            Outputs =
            [
                OutputColumn<LiteCotRow>.Text("system_prompt", row => row.SystemPrompt),
                OutputColumn<LiteCotRow>.Text("problem", row => row.Problem),
                OutputColumn<LiteCotRow>.Text("solution", row => row.Solution),
                OutputColumn<LiteCotRow>.Create("messages", MessagesDataViewType.Instance, row => row.Messages),
            ],
        };
    }

    private static Func<ConversationRow> Reader(DataViewRow row, LiteCotOptions options)
    {
        var system = Columns.OptionalText(row, options.SystemColumn);
        var question = Columns.TextOrEmpty(row, Columns.Get(row.Schema, options.QuestionColumn, "questionColumn"));
        var reasoning = Columns.TextOrEmpty(row, Columns.Get(row.Schema, options.ReasoningColumn, "reasoningColumn"));
        var solution = Columns.TextOrNull(row, Columns.Get(row.Schema, options.SolutionColumn, "solutionColumn"));
        return () => new(system(), question(), reasoning(), solution());
    }

    private static StageOutcome<LiteCotRow> Row(ConversationRow row, string systemPrompt, bool tags)
    {
        if (string.IsNullOrWhiteSpace(row.Reasoning)) return StageOutcome<LiteCotRow>.Dropped(NoChain);
        if (string.IsNullOrWhiteSpace(row.Solution)) return StageOutcome<LiteCotRow>.Dropped(NoSolution);
        var problem = Problem(row.Question);
        return StageOutcome<LiteCotRow>.Kept(new LiteCotRow(
            string.IsNullOrWhiteSpace(row.System) ? systemPrompt : row.System, problem, Lines(row.Solution).Trim(),
            [new("user", problem), new("assistant", TeacherText(row.Reasoning, row.Solution, tags))]));
    }
}
