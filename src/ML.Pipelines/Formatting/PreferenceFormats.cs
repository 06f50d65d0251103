using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Formatting;

/// <summary>What formats over lists of chains read of a row.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The gold answer, or null.</param>
/// <param name="Lists">The lists of chains.</param>
public sealed record ChainListRow(string Id, string Question, string? Answer, IReadOnlyList<ChainList> Lists);

/// <summary>A row of preference training.</summary>
/// <param name="Instruction">The question.</param>
/// <param name="Pair">The pair.</param>
public sealed record PreferenceRow(string Instruction, PreferencePair Pair);

/// <summary>The formats over lists of chains.</summary>
internal static class PreferenceFormats
{
    private const string NoCorrect = "no-correct-chain";
    private const string NoPair = "no-pair";
    private const string NoAnswer = "no-answer";
    private const string ChoiceAnswer = "choice-answer";

    public static RowFormat<ChainListRow, MixedChain> MixChain(string output, MixChainOptions options) => new()
    {
        Name = "mix-chain",
        Required = [.. ChainList.Required(options.Chains, "chains"), .. Answer(options.Chains, options.AnswerColumn)],
        Optional = [options.IdColumn, options.AnswerColumn],
        Consumed = [.. ChainList.Names(options.Chains)],
        Read = row => Reader(row, options.IdColumn, null, options.AnswerColumn, (options.Chains, "chains")),
        RowId = row => row.Id,
        Rows = row => Samples(row, samples => Mixed(samples[0])),
        Outputs =
        [
            OutputColumn<MixedChain>.Text(output, row => row.Chain.Text),
            OutputColumn<MixedChain>.Create("tokens", NumberDataViewType.Int32, row => row.Chain.Tokens),
            OutputColumn<MixedChain>.Create("beta", NumberDataViewType.Double, row => row.Beta),
            OutputColumn<MixedChain>.Create("stage", NumberDataViewType.Int32, row => row.Stage),
            OutputColumn<MixedChain>.Create("stages", NumberDataViewType.Int32, row => row.Stages),
        ],
    };

    public static RowFormat<ChainListRow, PreferenceRow> Bilevel(BilevelPreferenceOptions options) => new()
    {
        Name = "bilevel-preferences",
        Required =
        [
            .. ChainList.Required(options.LongChains, "longChains"), .. ChainList.Required(options.ShortChains, "shortChains"),
            (options.QuestionColumn, "questionColumn"), (options.AnswerColumn, "answerColumn"),
        ],
        Optional = [options.IdColumn],
        Consumed = [.. ChainList.Names(options.LongChains), .. ChainList.Names(options.ShortChains)],
        Read = row => Reader(
            row, options.IdColumn, options.QuestionColumn, options.AnswerColumn, (options.LongChains, "longChains"),
            (options.ShortChains, "shortChains")),
        RowId = row => row.Id,
        Rows = row => UnusableAnswer(row.Answer) is { } reason
            ? StageOutcome<PreferenceRow>.Dropped(reason)
            : Samples(row, samples => Pairs(row, [.. samples[0], .. samples[1]],
                BilevelPreferences.Of(samples[0], samples[1], options.Seed, row.Id, options.GroupPairs, options.InstancePairs))),
        Outputs = PairColumns,
    };

    public static RowFormat<ChainListRow, PreferenceRow> Stepwise(StepwisePreferenceOptions options) => new()
    {
        Name = "stepwise-preferences",
        Required =
        [
            .. ChainList.Required(options.Chains, "chains"), (options.QuestionColumn, "questionColumn"),
            .. Answer(options.Chains, options.AnswerColumn),
        ],
        Optional = [options.IdColumn, options.AnswerColumn],
        Consumed = [.. ChainList.Names(options.Chains)],
        Read = row => Reader(row, options.IdColumn, options.QuestionColumn, options.AnswerColumn, (options.Chains, "chains")),
        RowId = row => row.Id,
        Rows = row => Samples(row, samples => Pairs(row, samples[0], StepwisePreferences.Of(samples[0], options.Seed, row.Id))),
        Outputs = PairColumns,
    };

    private static OutputColumn<PreferenceRow>[] PairColumns { get; } =
    [
        OutputColumn<PreferenceRow>.Text("instruction", row => row.Instruction),
        OutputColumn<PreferenceRow>.Text("chosen", row => row.Pair.Chosen),
        OutputColumn<PreferenceRow>.Text("rejected", row => row.Pair.Rejected),
        OutputColumn<PreferenceRow>.Text("kind", row => row.Pair.Kind),
        OutputColumn<PreferenceRow>.Create("weight", NumberDataViewType.Double, _ => 1.0),
    ];

    // Without either no chain is known to be correct, and all rows would be dropped for a column that is not there.
    private static IEnumerable<(string Name, string Option)> Answer(ChainListColumns chains, string column) =>
        chains.Correct is null ? [(column, "answerColumn")] : [];

    private static Func<ChainListRow> Reader(
        DataViewRow row, string idColumn, string? questionColumn, string answerColumn,
        params (ChainListColumns Columns, string Option)[] lists)
    {
        var id = Columns.RowId(row, idColumn);
        var question = questionColumn is null
            ? () => ""
            : Columns.TextOrEmpty(row, Columns.Get(row.Schema, questionColumn, "questionColumn"));
        var answer = Columns.OptionalText(row, answerColumn);
        var read = lists.Select(list => ChainList.Reader(row, list.Columns, list.Option)).ToArray();
        return () => new(id(), question(), answer(), Array.ConvertAll(read, list => list()));
    }

    private static StageOutcome<T> Samples<T>(ChainListRow row, Func<IReadOnlyList<ChainSample>[], StageOutcome<T>> rows)
    {
        var samples = row.Lists.Select(list => list.Samples(row.Answer)).ToArray();
        return Array.Exists(samples, list => list is null) ? StageOutcome<T>.Quarantined(ChainList.NotParallel) : rows(samples!);
    }

    private static StageOutcome<MixedChain> Mixed(IReadOnlyList<ChainSample> samples)
    {
        var rows = Formatting.MixChain.Of(samples);
        if (rows.Count > 0) return StageOutcome<MixedChain>.Kept(rows);
        var isFew = samples.Count(sample => sample.IsCorrect) < 2;
        return StageOutcome<MixedChain>.Dropped(isFew ? Formatting.MixChain.TooFew : Formatting.MixChain.OneLength);
    }

    private static StageOutcome<PreferenceRow> Pairs(
        ChainListRow row, IEnumerable<ChainSample> samples, IReadOnlyList<PreferencePair> pairs)
    {
        if (pairs.Count > 0) return StageOutcome<PreferenceRow>.Kept([.. pairs.Select(pair => new PreferenceRow(row.Question, pair))]);
        return StageOutcome<PreferenceRow>.Dropped(samples.Any(sample => sample.IsCorrect) ? NoPair : NoCorrect);
    }

    private static string? UnusableAnswer(string? answer) =>
        string.IsNullOrWhiteSpace(answer) ? NoAnswer
        : answer.Trim().Trim('(', ')', '.') is [>= 'A' and <= 'Z'] ? ChoiceAnswer
        : null;
}
