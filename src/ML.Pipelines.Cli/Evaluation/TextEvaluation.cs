namespace ML.Pipelines.Cli.Evaluation;

/// <summary>How well the model predicts texts, and whether it still does far into long ones.</summary>
internal sealed class TextEvaluation
{
    /// <summary>The name of the part over all texts.</summary>
    public const string Part = "text";

    /// <summary>The name of the part over long texts.</summary>
    public const string LongPart = "long";

    /// <summary>A text with more tokens is long.</summary>
    private const int LongTokens = 4500;

    /// <summary>The reference scores blocks of this many tokens with at most as many before them, and one that begins.</summary>
    private const int Window = 512;

    private static readonly (string Name, int End)[] Buckets =
    [
        ("0-256", 256), ("256-512", 512), ("512-1k", 1024), ("1-2k", 2048), ("2-4k", 4096), ("4-8k", 8192), ("8k+", int.MaxValue),
    ];

    private readonly EvaluationContext _context;
    private readonly IReadOnlyList<Located<EvaluationText>> _texts;
    private readonly Dictionary<string, double[]> _scores = [];

    /// <summary>An evaluation over texts.</summary>
    public TextEvaluation(EvaluationContext context, IReadOnlyList<Located<EvaluationText>> texts) => (_context, _texts) = (context, texts);

    /// <summary>Bits a character and perplexity a token of each set.</summary>
    public async Task<IReadOnlyList<EvaluationFigure>> MeasureAsync()
    {
        var rows = _context.Limited(_texts, text => text.Set);
        await _context.MeasureAsync(Part, rows, text => Task.FromResult(Score(text))).ConfigureAwait(false);
        return [.. rows.Select(row => row.Row).GroupBy(text => text.Set).SelectMany(set => OfSet(set.Key, [.. set]))];
    }

    /// <summary>Perplexity by position in the long texts of each set, beside that of the same tokens with a short context.</summary>
    public async Task<IReadOnlyList<EvaluationFigure>> MeasureLongAsync()
    {
        var rows = _context.Limited([.. _texts.Where(text => Tokens(text.Row).Count - 1 > LongTokens)], text => text.Set);
        var scored = await _context.MeasureAsync(LongPart, rows,
            text => Task.FromResult((text.Set, Full: Score(text), Short: Score(Tokens(text), Window)))).ConfigureAwait(false);
        return
        [
            new(LongPart, "all", $"texts of more than {LongTokens} tokens", scored.Count, _texts.Count) { Unit = FigureUnit.Number },
            .. scored.GroupBy(text => text.Set).SelectMany(set => OfLongSet(set.Key,
                [.. set.Select(text => text.Full)], [.. set.Select(text => text.Short)])),
        ];
    }

    private IEnumerable<EvaluationFigure> OfSet(string set, IReadOnlyList<EvaluationText> texts)
    {
        var characters = texts.Sum(text => text.Text.EnumerateRunes().LongCount());
        var tokens = texts.Sum(text => (long)_scores[text.Id].Length);
        var nats = -texts.Sum(text => _scores[text.Id].Sum());
        yield return new(Part, set, "bits a character", nats / Math.Log(2) / characters, characters) { Unit = FigureUnit.Bits };
        yield return new(Part, set, "perplexity a token", Math.Exp(nats / tokens), tokens) { Unit = FigureUnit.Perplexity };
    }

    private static IEnumerable<EvaluationFigure> OfLongSet(string set, IReadOnlyList<double[]> full, IReadOnlyList<double[]> windows)
    {
        var start = 0;
        foreach (var (name, end) in Buckets)
        {
            var tokens = full.Sum(scores => (long)Bucket(scores, start, end).Length);
            if (tokens > 0)
                yield return new(LongPart, set, $"perplexity of tokens {name}", Perplexity(full, start, end), tokens)
                {
                    Unit = FigureUnit.Perplexity,
                    Baseline = Perplexity(windows, start, end),
                };
            start = end;
        }
    }

    private static double Perplexity(IReadOnlyList<double[]> texts, int start, int end)
    {
        var scores = texts.SelectMany(scores => Bucket(scores, start, end).ToArray());
        return Math.Exp(-scores.Average());
    }

    private static Span<double> Bucket(double[] scores, int start, int end) =>
        scores.AsSpan(Math.Min(start, scores.Length)..Math.Min(end, scores.Length));

    private double[] Score(EvaluationText text)
    {
        if (_scores.TryGetValue(text.Id, out var known)) return known;
        var ids = Tokens(text);
        if (ids.Count < 2)
            throw new PipelineException(ErrorCode.TypeMismatch,
                "The text has one token, and the model no begin-of-text token that predicts it. Take the row out.");
        // What does not fit the model is scored in blocks of half its context, with the other half before them.
        var context = _context.Scorer.Info.ContextLength;
        return _scores[text.Id] = ids.Count <= context ? Score(ids, ids.Count) : Score(ids, (context - 1) / 2);
    }

    /// <summary>The log-probabilities of all ids but the first, in blocks, each after at most as many ids and one more.</summary>
    private double[] Score(List<int> ids, int block)
    {
        var scores = new List<double>();
        while (scores.Count < ids.Count - 1)
        {
            var (start, end) = (Math.Max(0, scores.Count - block), Math.Min(ids.Count, scores.Count + 1 + block));
            scores.AddRange(_context.Scorer.LogProbabilities(ids[start..end], end - 1 - scores.Count, _context.CancellationToken));
        }
        return [.. scores];
    }

    // The first id is context only: the begin of text, or where the model has none, the text's first token.
    private List<int> Tokens(EvaluationText text)
    {
        List<int> ids = _context.Scorer.BeginOfText is { } begin ? [begin] : [];
        _context.Scorer.Tokenizer.Encode(text.Text, ids);
        return ids;
    }
}
