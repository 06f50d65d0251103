using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Compression;

/// <summary>Drops the words of chains that carry least, to a rate; see <see cref="SelfInformationCompressor"/>.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Looks at data in Fit</term><description>no</description></item>
/// <item><term>Input columns</term><description>question and chain (text), and where they are there id, answer, protected phrases (text or
/// lists of text)</description></item>
/// <item><term>Output columns</term><description>the compressed chain (text); <c>rate</c>, <c>achieved_rate</c> (Double, shares of words
/// that were to go and that went); <c>words_before</c>, <c>words_after</c>, <c>tokens_before</c>, <c>tokens_after</c> (Int32);
/// <c>answer_nll_before</c>, <c>answer_nll_after</c> (Double, nats per answer token, nullable); <c>dropped</c> (<see cref="DroppedSpansDataViewType"/>);
/// <c>compression_note</c> (text, nullable)</description></item>
/// </list>
/// Rows whose chain does not fit the model, or that it cannot score, are quarantined.
/// </remarks>
public sealed class SelfInformationCompressionEstimator : StageEstimator<CompressionRow, CompressedChain>
{
    private readonly string _output;
    private readonly string _input;
    private readonly IWordScorer _scorer;
    private readonly CompressionOptions _options;

    internal SelfInformationCompressionEstimator(
        StageContext context, string outputColumnName, string inputColumnName, IWordScorer scorer, CompressionOptions options)
        : base(context)
    {
        options.Validate();
        (_output, _input, _scorer, _options) = (outputColumnName, inputColumnName, scorer, options);
        if (Evidence.Any(column => column.Name == _output))
            throw new PipelineException(ErrorCode.Configuration,
                $"CompressBySelfInformation writes two columns named '{_output}'. Give outputColumnName another name.");
    }

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns =>
    [
        (_input, "inputColumnName"), (_options.QuestionColumn, "questionColumn"),
        .. _options.ProtectedColumn is { } name ? [(name, "protectedColumn")] : Array.Empty<(string, string)>(),
    ];

    private protected override IEnumerable<(string Name, DataViewType Type)> OutputTypes =>
        [(_output, TextDataViewType.Instance), .. Evidence.Select(column => (column.Name, column.Type))];

    private static OutputColumn<CompressedChain>[] Evidence { get; } =
    [
        Number("rate", chain => chain.Rate), Number("achieved_rate", chain => chain.AchievedRate),
        Count("words_before", chain => chain.Words), Count("words_after", chain => chain.KeptWords),
        Count("tokens_before", chain => chain.Tokens), Count("tokens_after", chain => chain.KeptTokens),
        Optional("answer_nll_before", chain => chain.AnswerLoss), Optional("answer_nll_after", chain => chain.KeptAnswerLoss),
        OutputColumn<CompressedChain>.Create("dropped", DroppedSpansDataViewType.Instance, chain => chain.Dropped),
        OutputColumn<CompressedChain>.Text("compression_note", chain => chain.Note, nullable: true),
    ];

    private protected override StageBinding<CompressionRow, CompressedChain> Bind(IDataView input) => new()
    {
        Stage = new SelfInformationCompressionStage(new(_scorer, _options)),
        Inputs = Inputs,
        Read = Read,
        RowId = row => row.Id,
        Outputs = schema =>
        {
            CheckReplaced(schema);
            return [OutputColumn<CompressedChain>.Text(_output, chain => chain.Text), .. Evidence];
        },
        BatchSize = 1,
        CallsModels = true,
    };

    private DataViewSchema.Column[] Inputs(DataViewSchema schema) =>
    [
        Columns.Get(schema, _input, "inputColumnName"), Columns.Get(schema, _options.QuestionColumn, "questionColumn"),
        .. Columns.Existing(schema, _options.IdColumn, _options.AnswerColumn),
        .. _options.ProtectedColumn is { } name ? [Columns.Get(schema, name, "protectedColumn")] : Array.Empty<DataViewSchema.Column>(),
    ];

    private Func<CompressionRow> Read(DataViewRow row)
    {
        var schema = row.Schema;
        var id = Columns.RowId(row, _options.IdColumn);
        var question = Columns.TextOrEmpty(row, Columns.Get(schema, _options.QuestionColumn, "questionColumn"));
        var chain = Columns.TextOrEmpty(row, Columns.Get(schema, _input, "inputColumnName"));
        var answer = Columns.OptionalText(row, _options.AnswerColumn);
        var phrases = _options.ProtectedColumn is { } name
            ? Columns.Texts(row, Columns.Get(schema, name, "protectedColumn"), "protectedColumn")
            : () => [];
        return () => new(id(), question(), chain(), answer(), phrases());
    }

    // The counts of an earlier stage would be lost without a word.
    private static void CheckReplaced(DataViewSchema schema)
    {
        if (Evidence.Select(column => schema.GetColumnOrNull(column.Name)).FirstOrDefault(found => found is not null) is { } taken)
            throw new PipelineException(ErrorCode.Configuration,
                $"The input has a column '{taken.Name}', which compression writes. Leave it out (input.columns) or rename it.");
    }

    private static OutputColumn<CompressedChain> Number(string name, Func<CompressedChain, double> value) =>
        OutputColumn<CompressedChain>.Create(name, NumberDataViewType.Double, value);

    private static OutputColumn<CompressedChain> Count(string name, Func<CompressedChain, int> value) =>
        OutputColumn<CompressedChain>.Create(name, NumberDataViewType.Int32, value);

    private static OutputColumn<CompressedChain> Optional(string name, Func<CompressedChain, double?> value) =>
        OutputColumn<CompressedChain>.Create(name, NumberDataViewType.Double, chain => value(chain) ?? 0, chain => value(chain) is null);
}
