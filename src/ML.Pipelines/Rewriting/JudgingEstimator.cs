using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Rewriting;

/// <summary>Options of <c>JudgeDifficulty</c>.</summary>
public sealed record JudgingOptions
{
    /// <summary>What is said to the teacher.</summary>
    public required PromptTemplate Prompt { get; init; }

    /// <summary>The most tokens of a reply; null: the teacher's limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Rows in work at once, 1 or more; does not change the result.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>The column of row ids; where it is not there, the row's number serves.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>The column of questions.</summary>
    public string QuestionColumn { get; init; } = "question";
}

/// <summary>Asks a teacher how hard each question is (DAP: LiteCoT, arXiv 2505.19716).</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at data in Fit</term><description>no</description></item>
/// <item><term>Input columns</term><description>question, and where it is there id (text)</description></item>
/// <item><term>Output column</term><description>text: simple, moderate or hard</description></item>
/// </list>
/// A row whose reply is no level is quarantined.
/// </remarks>
public sealed class JudgingEstimator : StageEstimator<QuestionRow, Difficulty>
{
    private readonly string _output;
    private readonly Teacher _teacher;
    private readonly JudgingOptions _options;

    internal JudgingEstimator(StageContext context, string outputColumnName, Teacher teacher, JudgingOptions options) : base(context)
    {
        options.Prompt.Require(JudgingStage.Known);
        (_output, _teacher, _options) = (outputColumnName, teacher, options);
    }

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns => [(_options.QuestionColumn, "questionColumn")];

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes => [(_output, TextDataViewType.Instance)];

    private protected override StageBinding<QuestionRow, Difficulty> Bind(IDataView input) => new()
    {
        Stage = new JudgingStage(_teacher, _options.Prompt, _options.MaxOutputTokens),
        Inputs = schema => [Columns.Get(schema, _options.QuestionColumn, "questionColumn"), .. Columns.Existing(schema, _options.IdColumn)],
        Read = row =>
        {
            var id = Columns.RowId(row, _options.IdColumn);
            var question = Columns.TextOrEmpty(row, Columns.Get(row.Schema, _options.QuestionColumn, "questionColumn"));
            return () => new(id(), question());
        },
        RowId = row => row.Id,
        Outputs = _ => [OutputColumn<Difficulty>.Text(_output, DifficultyFrame.NameOf)],
        BatchSize = 1,
        BatchesInFlight = _options.Concurrency,
        CallsModels = true,
    };
}
