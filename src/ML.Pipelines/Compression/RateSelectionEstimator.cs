using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Training;

namespace ML.Pipelines.Compression;

/// <summary>Gives each row the shortest of its compressed chains that a model learns its answer from (C3oT_Adapt, arXiv
/// 2412.11664).</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at data in Fit</term><description>yes: trains models, at most <see cref="RateSelectionOptions.MostTrainings"/>; in a
/// run the decisions are kept in the plan</description></item>
/// <item><term>Input columns</term><description>question, answer, and a chain a rate (text); where it is there id</description></item>
/// <item><term>Output columns</term><description>the chain (text, nullable); <c>rate</c> (Double, nullable, the share of words taken out);
/// <c>rate_source</c> (text: predicted, lowest, unchecked, none; see <see cref="RateSource"/>); <c>rate_correct</c> and
/// <c>rate_predictions</c> (Int32, at this rate)</description></item>
/// </list>
/// Every row stays. The source says nothing of rows that are open after the lowest rate; they take it. With fewer open rows at a rate than
/// folds there are as many folds as rows; a single one is not predicted and goes on to the next rate. A row that Fit did not see is
/// unchecked.
/// </remarks>
public sealed class RateSelectionEstimator : StageEstimator<RateRow, SelectedChain>
{
    private readonly string _output;
    private readonly ITrainer _trainer;
    private readonly IPredictor _predictor;
    private readonly RateSelectionOptions _options;
    private readonly RateColumn[] _rates;

    internal RateSelectionEstimator(
        StageContext context, string outputColumnName, ITrainer trainer, IPredictor predictor, RateSelectionOptions options) : base(context)
    {
        options.Validate();
        (_output, _trainer, _predictor, _options) = (outputColumnName, trainer, predictor, options);
        _rates = [.. RateSelection.Descending(options)];
        if (Evidence.Any(column => column.Name == _output))
            throw new PipelineException(ErrorCode.Configuration,
                $"SelectCompressionRate writes two columns named '{_output}'. Give outputColumnName another name.");
    }

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns =>
    [
        (_options.QuestionColumn, "questionColumn"), (_options.AnswerColumn, "answerColumn"),
        .. _rates.Select(rate => (rate.Column, "rates")),
    ];

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes =>
        [(_output, TextDataViewType.Instance), .. Evidence.Select(column => (column.Name, column.Type))];

    /// <summary>The names of the columns beside the chain's.</summary>
    internal static IEnumerable<string> EvidenceColumns => Evidence.Select(column => column.Name);

    private static OutputColumn<SelectedChain>[] Evidence { get; } =
    [
        OutputColumn<SelectedChain>.Create(
            "rate", NumberDataViewType.Double, chain => chain.Decision.Rate ?? 0, chain => chain.Decision.Rate is null),
        OutputColumn<SelectedChain>.Text("rate_source", chain => chain.Decision.SourceName),
        OutputColumn<SelectedChain>.Create("rate_correct", NumberDataViewType.Int32, chain => chain.Decision.Correct),
        OutputColumn<SelectedChain>.Create("rate_predictions", NumberDataViewType.Int32, chain => chain.Decision.Predictions),
    ];

    private protected override StageBinding<RateRow, SelectedChain> Bind(IDataView input)
    {
        var selection = new RateSelection(_trainer, _predictor, _options, Context.Learned);
        var decisions = Context.Fitted is { } fitted
            ? fitted.GetOrLearn($"{RateSelectionStage.StageName}.{_output}", () => Learn(input, selection))
            : Learn(input, selection);
        return new()
        {
            Stage = new RateSelectionStage(row => decisions.TryGetValue(RateSelection.KeyOf(row), out var line)
                ? RateDecision.Parse(line) : selection.Undecided(row), [.. _rates.Select(rate => rate.Rate)]),
            Inputs = Inputs,
            Read = Read,
            RowId = row => row.Id,
            Outputs = _ => [OutputColumn<SelectedChain>.Text(_output, chain => chain.Text, nullable: true), .. Evidence],
            BatchSize = 1,
            BatchesInFlight = 1,
        };
    }

    private Dictionary<string, string> Learn(IDataView input, RateSelection selection)
    {
        var decisions = selection.RunAsync(Rows(input), Context.CancellationToken).GetAwaiter().GetResult();
        return decisions.ToDictionary(decision => decision.Key, decision => decision.Value.ToString(), StringComparer.Ordinal);
    }

    private IEnumerable<RateRow> Rows(IDataView input)
    {
        using var cursor = input.GetRowCursor(Nulls.WithCompanions(input.Schema, Inputs(input.Schema)));
        var read = Read(cursor);
        while (cursor.MoveNext())
        {
            Context.CancellationToken.ThrowIfCancellationRequested();
            yield return read();
        }
    }

    private DataViewSchema.Column[] Inputs(DataViewSchema schema) =>
    [
        .. RequiredColumns.Select(column => Columns.Get(schema, column.Name, column.Option)).DistinctBy(column => column.Index),
        .. Columns.Existing(schema, _options.IdColumn),
    ];

    private Func<RateRow> Read(DataViewRow row)
    {
        var id = Columns.RowId(row, _options.IdColumn);
        var question = Columns.TextOrEmpty(row, Columns.Get(row.Schema, _options.QuestionColumn, "questionColumn"));
        var answer = Columns.TextOrEmpty(row, Columns.Get(row.Schema, _options.AnswerColumn, "answerColumn"));
        Func<string?>[] chains = [.. _rates.Select(rate => Columns.TextOrNull(row, Columns.Get(row.Schema, rate.Column, "rates")))];
        return () => new(id(), question(), answer(), [.. chains.Select(chain => NullIfBlank(chain()))]);
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>Takes the chain of the rate that was decided; a pure function.</summary>
internal sealed class RateSelectionStage(Func<RateRow, RateDecision> decide, IReadOnlyList<double> rates)
    : IStage<RateRow, SelectedChain>
{
    public const string StageName = "select-rate";

    public string Name => StageName;

    public ValueTask<IReadOnlyList<StageOutcome<SelectedChain>>> ProcessAsync(
        IReadOnlyList<RateRow> rows, CancellationToken cancellationToken) =>
        new([.. rows.Select(row => StageOutcome<SelectedChain>.Kept(Select(row)))]);

    private SelectedChain Select(RateRow row)
    {
        var decision = decide(row);
        return new(rates.Zip(row.Chains).FirstOrDefault(chain => chain.First == decision.Rate).Second, decision);
    }
}
