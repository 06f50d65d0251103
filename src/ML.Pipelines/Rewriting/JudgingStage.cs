using ML.Pipelines.Stages;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Rewriting;

/// <summary>What judging reads of a row.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Question">The question.</param>
public sealed record QuestionRow(string Id, string Question);

/// <summary>Asks a teacher how hard a question is. The teacher's word is the only criterion (LiteCoT has no classifier and no threshold).</summary>
internal sealed class JudgingStage(Teacher teacher, PromptTemplate prompt, int? maxOutputTokens) : IStage<QuestionRow, Difficulty>
{
    public const string StageName = "judge";

    /// <summary>What prompts may ask for.</summary>
    public static IReadOnlyList<string> Known { get; } = ["question"];

    public string Name => StageName;

    public async ValueTask<IReadOnlyList<StageOutcome<Difficulty>>> ProcessAsync(IReadOnlyList<QuestionRow> rows, CancellationToken cancellationToken)
    {
        var outcomes = new StageOutcome<Difficulty>[rows.Count];
        for (var i = 0; i < rows.Count; i++) outcomes[i] = await JudgeAsync(rows[i], cancellationToken).ConfigureAwait(false);
        return outcomes;
    }

    private async ValueTask<StageOutcome<Difficulty>> JudgeAsync(QuestionRow row, CancellationToken cancellationToken)
    {
        var reply = await teacher.AskAsync(new()
        {
            RowId = row.Id,
            Stage = StageName,
            Messages = prompt.Render(new Dictionary<string, string> { ["question"] = row.Question }),
            MaxOutputTokens = maxOutputTokens,
            Temperature = 0,
        }, cancellationToken).ConfigureAwait(false);
        if (reply.Error is { } error) return StageOutcome<Difficulty>.Quarantined(error);
        return DifficultyFrame.Parse(reply.Text!) is { } level ? StageOutcome<Difficulty>.Kept(level)
            : StageOutcome<Difficulty>.Quarantined(new(ErrorCode.TeacherUnexpectedReply, $"The teacher's reply is no level: '{Opening(reply.Text!)}'. The prompt "
                + "must ask for simple, moderate or hard alone."));
    }

    private static string Opening(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
