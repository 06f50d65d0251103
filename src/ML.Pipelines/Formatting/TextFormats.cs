using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Text;

namespace ML.Pipelines.Formatting;

/// <summary>A text with its gold compressions.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Text">The text.</param>
/// <param name="Compressions">The compressions; the first counts.</param>
public sealed record CompressionPair(string Id, string Text, IReadOnlyList<string> Compressions);

/// <summary>An output with its meta length token.</summary>
/// <param name="Text">Token and output.</param>
/// <param name="Token">The token.</param>
/// <param name="Words">Words between white space, which the source keeps; the token is by runs of letters, digits and underscores.</param>
public sealed record LengthMarked(string Text, string Token, int Words);

/// <summary>What conditioned formatting reads of a row.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer.</param>
/// <param name="LongChain">The chain as it was.</param>
/// <param name="ShortChain">The compressed chain, or null.</param>
/// <param name="Levels">Chains by compression level.</param>
public sealed record ConditionableRow(
    string Id, string Question, string Answer, string LongChain, string? ShortChain, IReadOnlyList<string?> Levels);

/// <summary>The formats over texts.</summary>
internal static class TextFormats
{
    public static RowFormat<CompressionPair, LengthPrimed> LengthPriming(string output, LengthPrimingOptions options) => new()
    {
        Name = "length-priming",
        Required = [(options.TextColumn, "textColumn"), (options.SummariesColumn, "summariesColumn")],
        Read = row =>
        {
            var id = Columns.RowId(row, "id");
            var text = Columns.TextOrEmpty(row, Columns.Get(row.Schema, options.TextColumn, "textColumn"));
            var summaries = Columns.Texts(row, Columns.Get(row.Schema, options.SummariesColumn, "summariesColumn"), "summariesColumn");
            return () => new(id(), text(), summaries());
        },
        Optional = ["id"],
        RowId = row => row.Id,
        Rows = row => LengthPrimed.Of(row.Text, row.Compressions.FirstOrDefault("") ?? "", options.Template) is { } primed
            ? StageOutcome<LengthPrimed>.Kept(primed)
            : StageOutcome<LengthPrimed>.Dropped(LengthPrimed.NotShorter),
        Outputs =
        [
            OutputColumn<LengthPrimed>.Text(output, row => row.Instruction),
            OutputColumn<LengthPrimed>.Create("source_words", NumberDataViewType.Int32, row => row.SourceWords),
            OutputColumn<LengthPrimed>.Create("keep_words", NumberDataViewType.Int32, row => row.KeptWords),
            OutputColumn<LengthPrimed>.Create("delete_words", NumberDataViewType.Int32, row => row.DeletedWords),
        ],
    };

    public static RowFormat<(string Id, string Text), LengthMarked> MetaLengthTokens(string output, MetaLengthOptions options) => new()
    {
        Name = "meta-length-tokens",
        Required = [(options.TextColumn, "textColumn")],
        Optional = ["id"],
        Read = row =>
        {
            var id = Columns.RowId(row, "id");
            var text = Columns.TextOrEmpty(row, Columns.Get(row.Schema, options.TextColumn, "textColumn"));
            return () => (id(), text());
        },
        RowId = row => row.Id,
        Rows = row => MetaLengthToken.For(MetaLengthToken.CountWords(row.Text)) is { } token
            ? StageOutcome<LengthMarked>.Kept(new LengthMarked(token.Token + row.Text, token.Token, Words.Count(row.Text)))
            : StageOutcome<LengthMarked>.Dropped(MetaLengthToken.NoToken),
        Outputs =
        [
            OutputColumn<LengthMarked>.Text(output, row => row.Text), OutputColumn<LengthMarked>.Text("mlt", row => row.Token),
            OutputColumn<LengthMarked>.Create("word_count", NumberDataViewType.Int32, row => row.Words),
        ],
    };

    public static RowFormat<ConditionableRow, ConditionedRow> Conditioned(ConditionedOptions options) => new()
    {
        Name = "conditioned",
        Required = [(options.QuestionColumn, "questionColumn"), (options.AnswerColumn, "answerColumn"), (options.LongColumn, "longColumn")],
        Found = names => CompressedColumns.Of(names, options).All,
        Optional = [options.IdColumn],
        // Counts of the chain that was are not those of the rows that come out.
        Consumed = [options.LongColumn, "tokens_before", "tokens_after"],
        Read = row => ConditionedReader(row, options),
        RowId = row => row.Id,
        Rows = row => Condition(row, options.Texts),
        Outputs =
        [
            OutputColumn<ConditionedRow>.Text("instruction", row => row.Instruction), OutputColumn<ConditionedRow>.Text("input", _ => ""),
            OutputColumn<ConditionedRow>.Text("output", row => row.Output),
            OutputColumn<ConditionedRow>.Text("condition", row => row.Condition),
            OutputColumn<ConditionedRow>.Text("source_id", row => row.SourceId),
            OutputColumn<ConditionedRow>.Create("rate", NumberDataViewType.Double, row => row.Rate),
        ],
    };

    private static Func<ConditionableRow> ConditionedReader(DataViewRow row, ConditionedOptions options)
    {
        var id = Columns.RowId(row, options.IdColumn);
        var question = Text(options.QuestionColumn);
        var answer = Text(options.AnswerColumn);
        var chain = Text(options.LongColumn);
        var columns = CompressedColumns.Of([.. Columns.Names(row.Schema)], options);
        var compressed = columns.Short is { } name ? Text(name) : () => null;
        var levels = columns.Levels.Select(level => (level.Level, Read: Text(level.Name))).ToArray();
        return () =>
        {
            var chains = new string?[ConditionedFormat.LevelRates.Count];
            foreach (var (level, read) in levels) chains[level - 1] = read();
            if (options.AnswerOnly) chains[^1] = "";
            return new(id(), question() ?? "", answer() ?? "", chain() ?? "", compressed(), chains);
        };

        Func<string?> Text(string column) => Columns.TextOrNull(row, Columns.Get(row.Schema, column, "column"));
    }

    private static StageOutcome<ConditionedRow> Condition(ConditionableRow row, ConditionTexts texts)
    {
        if (string.IsNullOrWhiteSpace(row.LongChain)) return StageOutcome<ConditionedRow>.Dropped(ConditionedFormat.NoLongChain);
        var rows = ConditionedFormat.Rows(row.Id, row.Question, row.Answer, row.LongChain, row.ShortChain, row.Levels, texts);
        return rows.Count > 1
            ? StageOutcome<ConditionedRow>.Kept(rows)
            : StageOutcome<ConditionedRow>.Dropped(ConditionedFormat.NoShortChain);
    }
}
