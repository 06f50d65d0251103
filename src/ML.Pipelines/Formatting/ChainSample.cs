using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Text;

namespace ML.Pipelines.Formatting;

/// <summary>One of several chains of thought for the same question.</summary>
/// <param name="Text">The chain with its final answer.</param>
/// <param name="Tokens">Its length; whatever the unit, the same for all.</param>
/// <param name="IsCorrect">Whether its final answer is right.</param>
public sealed record ChainSample(string Text, int Tokens, bool IsCorrect);

/// <summary>Where a row's chains are.</summary>
public sealed record ChainListColumns
{
    /// <summary>The column of chains, a list of text.</summary>
    public required string Chains { get; init; }

    /// <summary>The column that tells which are correct, a list of Boolean parallel to the chains; null: those that state an answer
    /// which is equivalent to the row's (<see cref="AnswerExtractor"/>, <see cref="AnswerEquivalence"/>).</summary>
    public string? Correct { get; init; }

    /// <summary>The column of their tokens, a list of whole numbers parallel to the chains; null: words between white space.</summary>
    public string? Tokens { get; init; }
}

/// <summary>The chains of a row as its columns hold them.</summary>
/// <param name="Texts">The chains.</param>
/// <param name="Correct">Which are correct, or null.</param>
/// <param name="Tokens">Their lengths, or null.</param>
public sealed record ChainList(IReadOnlyList<string> Texts, IReadOnlyList<bool>? Correct, IReadOnlyList<long>? Tokens)
{
    /// <summary>The samples, without blank ones; null where the lists are not parallel.</summary>
    /// <param name="answer">The gold answer, or null.</param>
    public IReadOnlyList<ChainSample>? Samples(string? answer) =>
        (Correct?.Count ?? Texts.Count) != Texts.Count || (Tokens?.Count ?? Texts.Count) != Texts.Count
            ? null
            : [.. Texts.Select((text, i) => Sample(i, answer)).Where(sample => !string.IsNullOrWhiteSpace(sample.Text))];

    private ChainSample Sample(int i, string? answer) =>
        new(Texts[i], (int?)Tokens?[i] ?? Words.Count(Texts[i]), Correct?[i] ?? IsCorrect(Texts[i], answer));

    internal static RowError NotParallel { get; } = new(ErrorCode.TypeMismatch,
        "The row's lists of chains, correctness and tokens have not the same number of elements. Correct the row, or name other columns.");

    internal static IEnumerable<(string Name, string Option)> Required(ChainListColumns columns, string option)
    {
        yield return (columns.Chains, option + "Column");
        if (columns.Correct is { } correct) yield return (correct, option + "Correct");
        if (columns.Tokens is { } tokens) yield return (tokens, option + "Tokens");
    }

    internal static IEnumerable<string> Names(ChainListColumns columns) => Required(columns, "").Select(column => column.Name);

    internal static Func<ChainList> Reader(DataViewRow row, ChainListColumns columns, string option)
    {
        var texts = Columns.Texts(row, Get(columns.Chains, "Column"), option + "Column");
        var correct = columns.Correct is { } flags ? List<bool>(row, Get(flags, "Correct"), option + "Correct") : null;
        var tokens = columns.Tokens is { } counts ? Numbers(row, Get(counts, "Tokens"), option + "Tokens") : null;
        return () => new(texts(), correct?.Invoke(), tokens?.Invoke());

        DataViewSchema.Column Get(string name, string part) => Columns.Get(row.Schema, name, option + part);
    }

    private static Func<IReadOnlyList<long>> Numbers(DataViewRow row, DataViewSchema.Column column, string option)
    {
        if (column.Type is not VectorDataViewType { ItemType: var item } || item != NumberDataViewType.Int32)
            return List<long>(row, column, option);
        var numbers = List<int>(row, column, option);
        return () => [.. numbers().Select(number => (long)number)];
    }

    private static Func<IReadOnlyList<T>> List<T>(DataViewRow row, DataViewSchema.Column column, string option)
    {
        var values = Columns.Value<VBuffer<T>>(row, Columns.Require<VBuffer<T>>(column, option));
        return () => values().DenseValues().ToArray();
    }

    private static bool IsCorrect(string chain, string? answer) =>
        answer is not null && AnswerExtractor.Extract(chain) is { } stated && AnswerEquivalence.AreEquivalent(stated, answer);
}
