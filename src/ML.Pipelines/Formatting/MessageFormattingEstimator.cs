using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Pruning;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Formatting;

/// <summary>Options of <c>FormatMessages</c>.</summary>
public sealed record MessageOptions
{
    /// <summary>The column of the user's turn.</summary>
    public string QuestionColumn { get; init; } = "question";

    /// <summary>The column of the chain; null: the pruned chain if there is one, else <c>reasoning</c>.</summary>
    public string? ReasoningColumn { get; init; }

    /// <summary>The column of the text after the chain; may be missing or null.</summary>
    public string SolutionColumn { get; init; } = "solution";

    /// <summary>The column of the system turn; may be missing or null.</summary>
    public string SystemColumn { get; init; } = "system";

    /// <summary>What opens the chain in the assistant's turn.</summary>
    public string ThoughtOpen { get; init; } = "<think>\n";

    /// <summary>What closes the chain; the solution follows.</summary>
    public string ThoughtClose { get; init; } = "\n</think>\n\n";
}

/// <summary>What formatting reads of a row.</summary>
/// <param name="System">The system prompt, or null.</param>
/// <param name="Question">The question.</param>
/// <param name="Reasoning">The chain.</param>
/// <param name="Solution">The text after the chain, or null.</param>
public sealed record ConversationRow(string? System, string Question, string Reasoning, string? Solution);

/// <summary>Builds the conversation that a fine-tuning trainer reads: system (if any), user, assistant with its chain.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at data in Fit</term><description>no</description></item>
/// <item><term>Input columns</term><description>text, see <see cref="MessageOptions"/></description></item>
/// <item><term>Output column</term><description><see cref="MessagesDataViewType"/></description></item>
/// </list>
/// </remarks>
public sealed class MessageFormattingEstimator : StageEstimator<ConversationRow, Message[]>
{
    private readonly string _output;
    private readonly MessageOptions _options;

    internal MessageFormattingEstimator(StageContext context, string outputColumnName, MessageOptions options) : base(context) =>
        (_output, _options) = (outputColumnName, options);

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns => [(_options.QuestionColumn, "questionColumn")];

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes => [(_output, MessagesDataViewType.Instance)];

    private protected override StageBinding<ConversationRow, Message[]> Bind(IDataView input) => new()
    {
        Stage = new MessageFormattingStage(_options),
        Inputs = schema => [Question(schema), Reasoning(schema), .. Columns.Existing(schema, _options.SolutionColumn, _options.SystemColumn)],
        Read = Read,
        RowId = _ => "",
        // Row by row: what it formats may have cost minutes upstream, and waiting for a batch would hold it back.
        BatchSize = 1,
        BatchesInFlight = 1,
        Outputs = _ => [OutputColumn<Message[]>.Create<IReadOnlyList<Message>>(_output, MessagesDataViewType.Instance, messages => messages)],
    };

    private Func<ConversationRow> Read(DataViewRow row)
    {
        var system = Columns.OptionalText(row, _options.SystemColumn);
        var question = Columns.TextOrEmpty(row, Question(row.Schema));
        var reasoning = Columns.TextOrEmpty(row, Reasoning(row.Schema));
        var solution = Columns.OptionalText(row, _options.SolutionColumn);
        return () => new(system(), question(), reasoning(), solution());
    }

    private DataViewSchema.Column Question(DataViewSchema schema) => Columns.Get(schema, _options.QuestionColumn, "questionColumn");

    private DataViewSchema.Column Reasoning(DataViewSchema schema)
    {
        if (_options.ReasoningColumn is { } name) return Columns.Get(schema, name, "reasoningColumn");
        var pruned = schema.Where(column => !column.IsHidden && IsPruned(column)).ToArray();
        return pruned.Length > 0 ? pruned[^1] : Columns.Get(schema, "reasoning", "reasoningColumn");
    }

    private static bool IsPruned(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull(PerplexityPruningEstimator.PrunedAnnotation) is not null;
}

/// <summary>Puts a row's texts into a conversation.</summary>
internal sealed class MessageFormattingStage(MessageOptions options) : IStage<ConversationRow, Message[]>
{
    public string Name => "format";

    public ValueTask<IReadOnlyList<StageOutcome<Message[]>>> ProcessAsync(
        IReadOnlyList<ConversationRow> rows, CancellationToken cancellationToken) =>
        new([.. rows.Select(row => StageOutcome<Message[]>.Kept(Format(row)))]);

    private Message[] Format(ConversationRow row)
    {
        var assistant = new Message("assistant", options.ThoughtOpen + row.Reasoning + options.ThoughtClose + row.Solution);
        var user = new Message("user", row.Question);
        return string.IsNullOrEmpty(row.System) ? [user, assistant] : [new Message("system", row.System), user, assistant];
    }
}
