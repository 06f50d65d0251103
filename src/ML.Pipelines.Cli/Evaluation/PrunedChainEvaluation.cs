using ML.Pipelines.OnnxRuntime.Generation;

namespace ML.Pipelines.Cli.Evaluation;

/// <summary>Whether the model still reads the right answer off a chain that was pruned: the first line that it decodes after chain and
/// bridge, against the answer.</summary>
internal static class PrunedChainEvaluation
{
    /// <summary>The part's name.</summary>
    public const string Part = "chains";

    private const int MaxNewTokens = 40;
    private const int RowsACall = 16;

    /// <summary>The figures of both chains, and how often each is right where the other is or is not.</summary>
    public static IReadOnlyList<EvaluationFigure> Measure(EvaluationContext context, IReadOnlyList<Located<PrunedChain>> chains)
    {
        var rows = context.Limited(chains, _ => Part);
        var right = new List<(bool Full, bool Pruned)>();
        foreach (var batch in rows.Chunk(RowsACall))
        {
            context.Progress(Part, right.Count, rows.Count);
            right.AddRange(AreRight(context, batch, row => row.Full).Zip(AreRight(context, batch, row => row.Pruned)));
        }
        context.Progress(Part, rows.Count, rows.Count);
        return
        [
            new(Part, "full", "the first line is the answer", right.Average(row => row.Full ? 1.0 : 0), right.Count),
            new(Part, "pruned", "the first line is the answer", right.Average(row => row.Pruned ? 1.0 : 0), right.Count),
            Pairs("both right", row => row is { Full: true, Pruned: true }),
            Pairs("only full right", row => row is { Full: true, Pruned: false }),
            Pairs("only pruned right", row => row is { Full: false, Pruned: true }),
            Pairs("neither right", row => row is { Full: false, Pruned: false }),
        ];

        EvaluationFigure Pairs(string name, Func<(bool Full, bool Pruned), bool> which) =>
            new(Part, "pairs", name, right.Count(which), right.Count) { Unit = FigureUnit.Number };
    }

    private static IEnumerable<bool> AreRight(
        EvaluationContext context, Located<PrunedChain>[] rows, Func<PrunedChain, IReadOnlyList<string>> chain)
    {
        var tokenizer = context.Scorer.Tokenizer;
        var requests = rows.Select(row => new GenerationRequest(Prompt(context, row.Row.Question, chain(row.Row)), MaxNewTokens)
        {
            StopsAfter = tokens => tokenizer.Decode([tokens[^1]]).Contains('\n'),
        });
        var results = context.Generate(rows, [.. requests]);
        return results.Zip(rows, (result, row) =>
            tokenizer.Decode([.. result.Tokens]).Split('\n')[0].Trim() == row.Row.Answer.Trim());
    }

    // Piece by piece, as the scorer does, so that pruning removes exactly the tokens of the removed steps.
    private static List<int> Prompt(EvaluationContext context, string question, IReadOnlyList<string> steps)
    {
        List<int> ids = context.Scorer.BeginOfText is { } begin ? [begin] : [];
        foreach (var piece in (string[])[ChainScoring.Prefix(question), .. ChainScoring.Segments(steps), ChainScoring.Bridge])
            context.Scorer.Tokenizer.Encode(piece, ids);
        return ids;
    }
}
