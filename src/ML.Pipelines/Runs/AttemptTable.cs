using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Runs;

/// <summary>The columns of <c>attempts/</c>: a row for each attempt at a shorter chain (schema <c>attempt-evidence</c>).</summary>
internal static class AttemptTable
{
    private static readonly OutputColumn<AttemptEvidence>[] Columns =
    [
        OutputColumn<AttemptEvidence>.Text("trace_id", row => row.TraceId),
        OutputColumn<AttemptEvidence>.Text("stage", row => row.Stage),
        OutputColumn<AttemptEvidence>.Create("attempt", NumberDataViewType.Int32, row => row.Attempt),
        OutputColumn<AttemptEvidence>.Text("verdict", row => row.Verdict),
        OutputColumn<AttemptEvidence>.Text("difficulty", row => row.Difficulty is { } level ? DifficultyFrame.NameOf(level) : null, nullable: true),
        Number("rate", row => row.Rate), Number("achieved_rate", row => row.AchievedRate),
        OutputColumn<AttemptEvidence>.Create("tokens_before", NumberDataViewType.Int32, row => row.TokensBefore),
        OutputColumn<AttemptEvidence>.Create("tokens_after", NumberDataViewType.Int32, row => row.TokensAfter ?? 0, row => row.TokensAfter is null),
        OutputColumn<AttemptEvidence>.Text("answer", row => row.Answer, nullable: true),
        Number("numbers_kept", row => row.NumbersKept), Number("answer_loss_increase", row => row.AnswerLossIncrease),
    ];

    public static IDataView ToDataView(IReadOnlyList<AttemptEvidence> rows) => new RowsDataView<AttemptEvidence>(rows, Columns);

    /// <summary>The attempts of a run, in order; none where it asked no teacher.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.EvidenceMismatch"/>: the run is not finished.</exception>
    public static IEnumerable<AttemptEvidence> Load(RunFolder folder, IShardFormat format)
    {
        var files = EvidenceFiles.Of(folder, "attempts", format.Extension);
        if (files.Count == 0) yield break;
        var view = format.Read(files);
        using var cursor = view.GetRowCursor(view.Schema);
        var read = Reader(cursor);
        while (cursor.MoveNext()) yield return read();
    }

    private static Func<AttemptEvidence> Reader(DataViewRow row)
    {
        var (id, stage, verdict) = (Text("trace_id"), Text("stage"), Text("verdict"));
        var (level, answer) = (Text("difficulty"), Text("answer"));
        var (attempt, before, after) = (Value<int>("attempt"), Value<int>("tokens_before"), Value<int>("tokens_after"));
        var (rate, achieved) = (Value<double>("rate"), Value<double>("achieved_rate"));
        var (numbers, loss) = (Value<double>("numbers_kept"), Value<double>("answer_loss_increase"));
        return () => new(id()!, stage()!, attempt()!.Value, verdict()!, level() is { } name ? DifficultyFrame.Parse(name) : null,
            rate(), achieved(), before()!.Value, after(), answer(), numbers(), loss());

        Func<string?> Text(string name) => EvidenceFiles.Text(row, name);
        Func<T?> Value<T>(string name) where T : struct => EvidenceFiles.Value<T>(row, name);
    }

    private static OutputColumn<AttemptEvidence> Number(string name, Func<AttemptEvidence, double?> value) =>
        OutputColumn<AttemptEvidence>.Create(name, NumberDataViewType.Double, row => value(row) ?? 0, row => value(row) is null);
}
