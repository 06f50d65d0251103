using ML.Pipelines.OnnxRuntime.Generation;

namespace ML.Pipelines.Cli.Evaluation;

/// <summary>What share of its tasks the model does right, decoding greedily after the chat template.</summary>
internal static class TaskEvaluation
{
    /// <summary>The part's name.</summary>
    public const string Part = "tasks";

    private const int RowsACall = 64;

    // A reply may be longer than the expected one and still be right; a model that does not end must be cut.
    private const int RoomFactor = 2, RoomTokens = 64;

    /// <summary>The figures of each task and split.</summary>
    public static IReadOnlyList<EvaluationFigure> Measure(EvaluationContext context, IReadOnlyList<Located<TaskPrompt>> prompts)
    {
        var rows = context.Limited(prompts, row => (row.Task, row.Split));
        var judged = new List<(TaskPrompt Row, IEnumerable<TaskMeasurement> Measurements)>();
        foreach (var batch in rows.Chunk(RowsACall))
        {
            context.Progress(Part, judged.Count, rows.Count);
            judged.AddRange(Replies(context, batch).Zip(batch, (reply, row) => (row.Row, TaskJudges.Judge(row.Row, reply))));
        }
        context.Progress(Part, rows.Count, rows.Count);
        return [.. judged.GroupBy(row => $"{row.Row.Task}, {row.Row.Split}").SelectMany(group => OfGroup(group.Key, [.. group]))];
    }

    private static IEnumerable<string> Replies(EvaluationContext context, Located<TaskPrompt>[] rows)
    {
        var requests = rows.Select(row => new GenerationRequest(context.Scorer.ChatPrompt.Encode(row.Row.Prompt),
            MaxNewTokens(context, row.Row)));
        var results = context.Generate(rows, [.. requests]);
        return results.Select(result => context.Scorer.Tokenizer.Decode([.. result.Tokens]));
    }

    private static int MaxNewTokens(EvaluationContext context, TaskPrompt row) =>
        RoomFactor * context.Scorer.CountTokens(row.Reply) + RoomTokens;

    private static IEnumerable<EvaluationFigure> OfGroup(
        string group, IReadOnlyList<(TaskPrompt Row, IEnumerable<TaskMeasurement> Measurements)> rows)
    {
        foreach (var figure in rows.SelectMany(row => row.Measurements).GroupBy(measurement => measurement.Figure))
        {
            var count = figure.Sum(measurement => measurement.Count);
            yield return new(Part, group, figure.Key, figure.Sum(measurement => measurement.Value) / count, count)
            {
                Baseline = figure.Key == TaskJudges.Exact ? MostFrequent([.. rows.Select(row => row.Row.Reply)]) : null,
            };
        }
    }

    // Where replies are few different ones, always giving the most frequent is a rule to beat.
    private static double? MostFrequent(IReadOnlyList<string> replies)
    {
        var most = replies.GroupBy(reply => reply.Trim(), StringComparer.Ordinal).Max(reply => reply.Count());
        return most > 1 ? (double)most / replies.Count : null;
    }
}
