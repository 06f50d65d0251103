using ML.Pipelines.Data;
using ML.Pipelines.Text;

namespace ML.Pipelines.Runs;

/// <summary>What a finished data set must be like. A gate that is null is not checked.</summary>
public sealed record DataGates
{
    /// <summary>The least share of input rows that are kept, 0 to 1.</summary>
    public double? MinKept { get; init; }

    /// <summary>The least mean token reduction, 1 - tokens after / tokens before; negative where text gets longer.</summary>
    public double? MinTokenReduction { get; init; }

    /// <summary>The greatest mean token reduction.</summary>
    public double? MaxTokenReduction { get; init; }

    /// <summary>The least share of rows with an <c>answer</c> whose <c>solution</c> states an equivalent one, 0 to 1.</summary>
    public double? MinAnswerEquivalence { get; init; }

    /// <summary>Whether rows with a missing or blank message fail the run.</summary>
    public bool NoEmptyMessages { get; init; }

    /// <summary>Checks a run whose shards are all sealed.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="format">The format of its shards.</param>
    /// <param name="totals">Its totals.</param>
    /// <returns>Each gate that is set, in the order of the members.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.MissingColumn"/>: the shards lack a column that a gate reads.</exception>
    public IReadOnlyList<DataGateResult> Check(RunFolder folder, IShardFormat format, RunTotals totals)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(totals);
        var reduction = totals.TokensBefore == 0 ? 0 : 1 - (totals.TokensAfter / (double)totals.TokensBefore);
        var results = new List<DataGateResult>();
        AddLeast("minKept", MinKept, () => Share(totals.RowsKept, totals.RowsIn));
        AddLeast("minTokenReduction", MinTokenReduction, () => reduction);
        if (MaxTokenReduction is { } most) results.Add(new("maxTokenReduction", reduction, most, reduction <= most));
        AddLeast("minAnswerEquivalence", MinAnswerEquivalence, () => AnswerEquivalenceOf(Data()));
        if (NoEmptyMessages) results.Add(EmptyMessages(Data()));
        return results;

        RecordDataView Data() => format.Read(folder.Files("data", format.Extension));
        void AddLeast(string name, double? least, Func<double> measure)
        {
            if (least is { } limit && measure() is var value) results.Add(new(name, value, limit, value >= limit));
        }
    }

    // No rows break no promise.
    private static double Share(long part, long all) => all == 0 ? 1 : part / (double)all;

    private static double AnswerEquivalenceOf(RecordDataView data)
    {
        var columns = Array.ConvertAll(["answer", "solution"], (string name) => Columns.Get(data.Schema, name, "gates.minAnswerEquivalence"));
        using var cursor = data.GetRowCursor(Nulls.WithCompanions(data.Schema, columns));
        var (answer, solution) = (Columns.TextOrNull(cursor, columns[0]), Columns.TextOrNull(cursor, columns[1]));
        long rows = 0, equivalent = 0;
        while (cursor.MoveNext())
        {
            if (answer() is not { Length: > 0 } gold) continue;
            rows++;
            if (AnswerEquivalence.AreEquivalent(AnswerExtractor.Extract(solution() ?? ""), gold)) equivalent++;
        }
        return Share(equivalent, rows);
    }

    private static DataGateResult EmptyMessages(RecordDataView data)
    {
        var column = Columns.Require<IReadOnlyList<Message>>(Columns.Get(data.Schema, "messages", "gates.noEmptyMessages"), "gates.noEmptyMessages");
        using var cursor = data.GetRowCursor([column]);
        var read = Columns.Value<IReadOnlyList<Message>>(cursor, column);
        long empty = 0;
        while (cursor.MoveNext())
            if (read() is not { Count: > 0 } messages || messages.Any(message => string.IsNullOrWhiteSpace(message?.Content))) empty++;
        return new("noEmptyMessages", empty, 0, empty == 0);
    }
}

/// <summary>A gate and what was measured.</summary>
/// <param name="Name">The gate's option.</param>
/// <param name="Value">What was measured: a share, or a number of rows.</param>
/// <param name="Limit">What is allowed.</param>
/// <param name="Passed">Whether the data set passes.</param>
public sealed record DataGateResult(string Name, double Value, double Limit, bool Passed);
