using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Rewriting;

/// <summary>Replaces chains by shorter ones, each checked against its row.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at data in Fit</term><description>no</description></item>
/// <item><term>Input columns</term><description>question; where they are there id, chain, answer, solution (text), complete (Boolean)</description></item>
/// <item><term>Output columns</term><description>the chain and the solution (text), the answer it was checked against, <c>outcome</c>
/// (shortened, original, pruned), <c>attempts</c>, <c>tokens_before</c>, <c>tokens_after</c> (Int32); by rewriting <c>difficulty</c>
/// (text), by compression at rates <c>rate</c> (Double), or with
/// <see cref="RateLayout.Columns"/> a column of chains (text, nullable) a rate, and the chain stays</description></item>
/// </list>
/// Rows may be dropped or quarantined, and become several with several rates.
/// </remarks>
public abstract class ShorteningEstimator : StageEstimator<ChainRow, ShortenedRow>
{
    private readonly ShorteningOptions _options;

    private protected ShorteningEstimator(StageContext context, ShorteningOptions options, ChainTools tools, PromptTemplate? prompt) : base(context)
    {
        options.Validate();
        _options = options;
        if (!tools.HasScorer && (options.Fallback == ShorteningFallback.Prune || options.MaxAnswerLossIncrease is not null))
            throw new PipelineException(ErrorCode.Configuration,
                "fallback: prune and maxAnswerLossIncrease need a scorer. Name one, or leave them out.");
        Required = prompt?.Placeholders.Contains("reasoning") != false
            ? [(options.QuestionColumn, "questionColumn"), (options.ReasoningColumn, "reasoningColumn")]
            : [(options.QuestionColumn, "questionColumn")];
    }

    private protected (string, string)[] Required { get; }

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns => Required;

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes =>
        Outputs(null).Select(column => (column.Name, column.Type));

    /// <summary>The column of levels, where the method reads one.</summary>
    private protected virtual string? DifficultyColumn => null;

    /// <summary>The columns that only this method writes.</summary>
    private protected abstract IEnumerable<OutputColumn<ShortenedRow>> OwnOutputs { get; }

    private protected abstract ShorteningStage CreateStage();

    private protected override StageBinding<ChainRow, ShortenedRow> Bind(IDataView input) => new()
    {
        Stage = CreateStage(),
        Inputs = Inputs,
        Read = Read,
        RowId = row => row.Id,
        Outputs = Outputs,
        BatchSize = 1,
        BatchesInFlight = _options.Concurrency,
        CallsModels = true,
    };

    private DataViewSchema.Column[] Inputs(DataViewSchema schema) =>
    [
        .. Required.Select(column => Columns.Get(schema, column.Item1, column.Item2)),
        .. Columns.Existing(schema, [_options.IdColumn, _options.AnswerColumn, _options.SolutionColumn, _options.CompleteColumn,
            .. Required.Length == 1 ? (string[])[_options.ReasoningColumn] : [], .. DifficultyColumn is { } level ? (string[])[level] : []]),
    ];

    private Func<ChainRow> Read(DataViewRow row)
    {
        var id = Columns.RowId(row, _options.IdColumn);
        var question = Columns.TextOrEmpty(row, Columns.Get(row.Schema, _options.QuestionColumn, "questionColumn"));
        var (reasoning, answer) = (Columns.OptionalText(row, _options.ReasoningColumn), Columns.OptionalText(row, _options.AnswerColumn));
        var solution = Columns.OptionalText(row, _options.SolutionColumn);
        var complete = Columns.IsComplete(row, _options.CompleteColumn);
        var level = DifficultyColumn is { } column ? Columns.OptionalText(row, column) : () => null;
        return () => new(id(), question(), reasoning() ?? "", answer(), solution(), level() is { } name ? Level(name, id()) : null, complete());
    }

    private static Difficulty Level(string name, string id) => DifficultyFrame.Parse(name) ?? throw new PipelineException(ErrorCode.TypeMismatch,
        $"Row {id}: difficulty is '{name}'; it must be simple, moderate or hard.");

    private OutputColumn<ShortenedRow>[] Outputs(DataViewSchema? schema)
    {
        string Existing(string name) => schema is null ? name : Columns.Find(schema, name)?.Name ?? name;
        return
        [
            OutputColumn<ShortenedRow>.Text(Existing(_options.ReasoningColumn), row => row.Chain.Reasoning),
            OutputColumn<ShortenedRow>.Text(Existing(_options.AnswerColumn), row => row.Answer, nullable: true),
            OutputColumn<ShortenedRow>.Text("outcome", row => row.Outcome.ToString().ToLowerInvariant()),
            Count("attempts", row => row.Attempts), Count("tokens_before", row => row.TokensBefore), Count("tokens_after", row => row.TokensAfter),
            .. OwnOutputs,
        ];
    }

    private static OutputColumn<ShortenedRow> Count(string name, Func<ShortenedRow, int> value) =>
        OutputColumn<ShortenedRow>.Create(name, NumberDataViewType.Int32, value);
}
