namespace ML.Pipelines.Cli.Evaluation;

/// <summary>Whether the sentence that states the final value has the highest importance, in order and with the sentences shuffled, where a
/// liking for the last position does not help.</summary>
internal static class GradeSchoolEvaluation
{
    /// <summary>The part's name.</summary>
    public const string Part = "gsm8k";

    /// <summary>The figures of both orders.</summary>
    public static async Task<IReadOnlyList<EvaluationFigure>> MeasureAsync(
        EvaluationContext context, IReadOnlyList<Located<GradeSchoolProblem>> problems)
    {
        var rows = context.Limited(problems, _ => Part);
        return
        [
            .. await MeasureAsync(context, rows, "in order", row => [.. Enumerable.Range(0, row.Sentences.Count)]).ConfigureAwait(false),
            .. await MeasureAsync(context, rows, "shuffled", row => row.Order).ConfigureAwait(false),
        ];
    }

    private static async Task<IReadOnlyList<EvaluationFigure>> MeasureAsync(EvaluationContext context,
        IReadOnlyList<Located<GradeSchoolProblem>> rows, string name, Func<GradeSchoolProblem, IReadOnlyList<int>> order)
    {
        var tops = await context.MeasureAsync($"{Part}, {name}", rows, row => TopAsync(context, row, order(row))).ConfigureAwait(false);
        return
        [
            new(Part, name, "the final value's sentence is the most important", tops.Average(top => top.IsFinal ? 1.0 : 0), tops.Count)
            {
                Chance = rows.Average(row => 1.0 / row.Row.Sentences.Count),
            },
            new(Part, name, "the last position is the most important", tops.Average(top => top.IsLast ? 1.0 : 0), tops.Count),
        ];
    }

    private static async Task<(bool IsFinal, bool IsLast)> TopAsync(
        EvaluationContext context, GradeSchoolProblem problem, IReadOnlyList<int> order)
    {
        var importance = await ChainScoring.ImportanceAsync(context.Scorer, problem.Question,
            [.. order.Select(sentence => problem.Sentences[sentence])], problem.Answer, context.CancellationToken).ConfigureAwait(false);
        var top = ChainScoring.Top(importance);
        return (order[top] == order.Count - 1, top == order.Count - 1);
    }
}
