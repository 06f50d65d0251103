using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>Divides a chain of thought into steps (LIMOPro, arXiv 2505.19187, section 2.3).</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at data in Fit</term><description>no</description></item>
/// <item><term>Input column</term><description>text</description></item>
/// <item><term>Output column</term><description><see cref="StepsDataViewType"/>: adjacent spans that cover the text</description></item>
/// </list>
/// </remarks>
public sealed class StepSegmentingEstimator : StageEstimator<string, ReasoningStep[]>
{
    /// <summary>Rows in work at once where a model is asked.</summary>
    private const int RowsInFlight = 8;

    private readonly string _output;
    private readonly string _input;
    private readonly IStepSegmenter _segmenter;

    internal StepSegmentingEstimator(StageContext context, string outputColumnName, string inputColumnName, IStepSegmenter segmenter)
        : base(context) => (_output, _input, _segmenter) = (outputColumnName, inputColumnName, segmenter);

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns => [(_input, "inputColumnName")];

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes => [(_output, StepsDataViewType.Instance)];

    private bool CallsModels => _segmenter is not StepSegmenter;

    private protected override StageBinding<string, ReasoningStep[]> Bind(IDataView input) => new()
    {
        Stage = new StepSegmentationStage(_segmenter),
        Inputs = schema => [Text(schema)],
        Read = row => Columns.TextOrEmpty(row, Text(row.Schema)),
        RowId = _ => "",
        BatchSize = CallsModels ? 1 : 16,
        BatchesInFlight = CallsModels ? RowsInFlight : 2,
        CallsModels = CallsModels,
        Outputs = schema => [StepColumns.Create<ReasoningStep[]>(_output, Text(schema).Name, steps => steps)],
    };

    private DataViewSchema.Column Text(DataViewSchema schema) =>
        Columns.Require<ReadOnlyMemory<char>>(Columns.Get(schema, _input, "inputColumnName"), "inputColumnName");
}
