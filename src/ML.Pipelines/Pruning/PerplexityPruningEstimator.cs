using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>Removes the functional steps that matter least for the answer's likelihood (PIR: LIMOPro, arXiv 2505.19187).</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at data in Fit</term><description>only with <see cref="PruningScope.Corpus"/>: scores all rows once</description></item>
/// <item><term>Input columns</term><description><see cref="StepsDataViewType"/>; question, chain, and where they are there id, answer,
/// solution (text) and complete (Boolean)</description></item>
/// <item><term>Output columns</term><description>the pruned chain (text), the answer scored by (text), the steps with their evidence,
/// <c>tokens_before</c>, <c>tokens_after</c>, <c>steps</c>, <c>steps_removed</c> (Int32)</description></item>
/// </list>
/// Rows may be dropped or quarantined; see <see cref="PruningOptions"/>.
/// </remarks>
public sealed class PerplexityPruningEstimator : StageEstimator<PruningRow, PrunedRow>
{
    /// <summary>The annotation on the pruned chain's column.</summary>
    public const string PrunedAnnotation = "MLPipelines.Pruned";

    private readonly string _output;
    private readonly string _input;
    private readonly IStepScorer _scorer;
    private readonly IStepClassifier _classifier;
    private readonly PruningOptions _options;

    internal PerplexityPruningEstimator(
        StageContext context, string outputColumnName, string inputColumnName, IStepScorer scorer, IStepClassifier classifier, PruningOptions options)
        : base(context)
    {
        options.Validate();
        (_output, _input, _classifier, _options) = (outputColumnName, inputColumnName, classifier, options);
        CheckNames();
        // A journal keeps the scores of Fit, too, and on disk.
        _scorer = options.Scope == PruningScope.Corpus && scorer is not JournalingStepScorer ? new CachingStepScorer(scorer) : scorer;
    }

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns =>
        [(_input, "inputColumnName"), (_options.QuestionColumn, "questionColumn")];

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes =>
    [
        (_output, TextDataViewType.Instance), (_options.AnswerColumn, TextDataViewType.Instance), (_input, StepsDataViewType.Instance),
        .. CountColumns.Select(column => (column.Name, (DataViewType)NumberDataViewType.Int32)),
    ];

    private static (string Name, Func<PrunedRow, int> Value)[] CountColumns =>
    [
        ("tokens_before", row => row.TokensBefore), ("tokens_after", row => row.TokensAfter), ("steps", row => row.Steps.Length),
        ("steps_removed", row => row.StepsRemoved),
    ];

    private protected override StageBinding<PruningRow, PrunedRow> Bind(IDataView input) =>
        _options.Scope == PruningScope.Corpus ? Binding(Thresholds(input)) : Binding(null);

    private Dictionary<int, double> Thresholds(IDataView input) => Context.Fitted is { } fitted
        ? fitted.GetOrLearn($"{PruningStage.StageName}.{_output}", () => LearnThresholds(input))
        : LearnThresholds(input);

    private StageBinding<PruningRow, PrunedRow> Binding(IReadOnlyDictionary<int, double>? corpusThresholds) => new()
    {
        Stage = new PruningStage(_scorer, _classifier, _options, corpusThresholds),
        Inputs = Inputs,
        Read = Read,
        RowId = row => row.Id,
        Outputs = schema =>
        {
            CheckReplaced(schema);
            return Outputs(schema);
        },
        BatchSize = 1,
    };

    // Of two columns with one name the later hides the earlier: a steps column called "steps" would lose its evidence to a count.
    private void CheckNames()
    {
        var names = OutputTypes.Select(column => column.Name).ToArray();
        if (names.FirstOrDefault(name => names.Count(other => other == name) > 1) is { } twice)
            throw new PipelineException(ErrorCode.Configuration,
                $"PruneByPerplexity writes two columns named '{twice}'. Outputs: {string.Join(", ", names)}. Give outputColumnName or "
                    + "inputColumnName another name.");
    }

    private Dictionary<int, double> LearnThresholds(IDataView input)
    {
        var stage = new PruningStage(_scorer, _classifier, _options, null);
        using var cursor = input.GetRowCursor(Nulls.WithCompanions(input.Schema, Inputs(input.Schema)));
        var read = Read(cursor);
        var importances = new Dictionary<int, List<double>>();
        while (cursor.MoveNext())
        {
            var scored = stage.ImportancesAsync(read(), Context.CancellationToken).AsTask().GetAwaiter().GetResult();
            foreach (var (group, importance) in scored) Group(importances, group).Add(importance);
        }
        return importances.ToDictionary(group => group.Key, group => PruningRule.CorpusThreshold(group.Value, _options.Ratio));
    }

    private static List<double> Group(Dictionary<int, List<double>> groups, int group) =>
        groups.TryGetValue(group, out var list) ? list : groups[group] = [];

    private DataViewSchema.Column[] Inputs(DataViewSchema schema) =>
    [
        StepColumns.Steps(schema, _input), StepColumns.Text(schema, _input, _options.ReasoningColumn),
        Columns.Get(schema, _options.QuestionColumn, "questionColumn"), .. Optional(schema),
    ];

    private IEnumerable<DataViewSchema.Column> Optional(DataViewSchema schema) =>
        Columns.Existing(schema, _options.IdColumn, _options.AnswerColumn, _options.SolutionColumn, _options.CompleteColumn);

    private Func<PruningRow> Read(DataViewRow row)
    {
        var schema = row.Schema;
        var id = Columns.RowId(row, _options.IdColumn);
        var question = Columns.TextOrEmpty(row, Columns.Get(schema, _options.QuestionColumn, "questionColumn"));
        var reasoning = Columns.TextOrEmpty(row, StepColumns.Text(schema, _input, _options.ReasoningColumn));
        var answer = Columns.OptionalText(row, _options.AnswerColumn);
        var solution = Columns.OptionalText(row, _options.SolutionColumn);
        var complete = Columns.Find(schema, _options.CompleteColumn) is { } column
            ? Complete(row, Columns.Require<bool>(column, "completeColumn"))
            : () => true;
        var steps = Columns.Value<IReadOnlyList<ReasoningStep>>(row, StepColumns.Steps(schema, _input));
        return () => new(id(), question(), reasoning(), answer(), solution(), complete(), [.. steps()]);
    }

    // Null is not known to be cut off.
    private static Func<bool> Complete(DataViewRow row, DataViewSchema.Column column)
    {
        var (isNull, complete) = (Columns.IsNull(row, column), Columns.Value<bool>(row, column));
        return () => isNull() || complete();
    }

    // The counts of an earlier pruning would be lost without a word.
    private static void CheckReplaced(DataViewSchema schema)
    {
        if (CountColumns.Select(column => schema.GetColumnOrNull(column.Name)).FirstOrDefault(found => found is not null) is { } taken)
            throw new PipelineException(ErrorCode.Configuration,
                $"The input has a column '{taken.Name}', which pruning writes. Leave it out (input.columns) or rename it.");
    }

    private OutputColumn<PrunedRow>[] Outputs(DataViewSchema schema) =>
    [
        OutputColumn<PrunedRow>.Text(_output, row => row.Reasoning, annotations: new Dictionary<string, string> { [PrunedAnnotation] = "true" }),
        OutputColumn<PrunedRow>.Text(Columns.Find(schema, _options.AnswerColumn)?.Name ?? _options.AnswerColumn, row => row.Answer, nullable: true),
        StepColumns.Create<PrunedRow>(_input, StepColumns.Text(schema, _input, _options.ReasoningColumn).Name, row => row.Steps),
        .. CountColumns.Select(column => OutputColumn<PrunedRow>.Create(column.Name, NumberDataViewType.Int32, column.Value)),
    ];
}
