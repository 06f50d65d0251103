using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>Gives each step one of four categories (LIMOPro, arXiv 2505.19187, section 2.2 and Table 4).</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at data in Fit</term><description>no</description></item>
/// <item><term>Input column</term><description><see cref="StepsDataViewType"/>, and the text column that it divides</description></item>
/// <item><term>Output column</term><description><see cref="StepsDataViewType"/> with category and marker</description></item>
/// </list>
/// </remarks>
public sealed class StepClassifyingEstimator : StageEstimator<SegmentedReasoning, ReasoningStep[]>
{
    /// <summary>Rows in work at once where a model is asked.</summary>
    private const int RowsInFlight = 8;

    private readonly string _output;
    private readonly string _input;
    private readonly IStepClassifier _classifier;

    internal StepClassifyingEstimator(StageContext context, string outputColumnName, string inputColumnName, IStepClassifier classifier)
        : base(context) => (_output, _input, _classifier) = (outputColumnName, inputColumnName, classifier);

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns => [(_input, "inputColumnName")];

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes => [(_output, StepsDataViewType.Instance)];

    private bool CallsModels => _classifier is not MarkerStepClassifier;

    private protected override StageBinding<SegmentedReasoning, ReasoningStep[]> Bind(IDataView input) => new()
    {
        Stage = new StepClassificationStage(_classifier),
        Inputs = schema => [StepColumns.Steps(schema, _input), StepColumns.Text(schema, _input, null)],
        Read = Read,
        RowId = _ => "",
        BatchSize = CallsModels ? 1 : 16,
        BatchesInFlight = CallsModels ? RowsInFlight : 2,
        CallsModels = CallsModels,
        Outputs = schema => [StepColumns.Create<ReasoningStep[]>(_output, StepColumns.Text(schema, _input, null).Name, steps => steps)],
    };

    private Func<SegmentedReasoning> Read(DataViewRow row)
    {
        var text = Columns.TextOrEmpty(row, StepColumns.Text(row.Schema, _input, null));
        var steps = Columns.Value<IReadOnlyList<ReasoningStep>>(row, StepColumns.Steps(row.Schema, _input));
        return () => new(text(), [.. steps()]);
    }
}
