namespace ML.Pipelines.Cli.Evaluation;

/// <summary>What a model is evaluated on.</summary>
internal sealed record EvaluationOptions
{
    /// <summary>The folder of the files that the parts read; null where only chains are.</summary>
    public string? Data { get; init; }

    /// <summary>The parts; null for all.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>A file of chains before and after pruning; null for none.</summary>
    public string? Chains { get; init; }

    /// <summary>The most rows of a group.</summary>
    public int Limit { get; init; } = int.MaxValue;
}

/// <summary>Measures a model's figures, part after part. All files are read before the first model call.</summary>
internal static class ModelEvaluation
{
    /// <summary>The parts that read the data folder.</summary>
    public static IReadOnlyList<string> Parts { get; } =
        [ScorerEvaluation.Part, GradeSchoolEvaluation.Part, TextEvaluation.Part, TextEvaluation.LongPart, TaskEvaluation.Part];

    /// <summary>Reads the files.</summary>
    /// <returns>What measures the figures, in the order of the parts.</returns>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.Configuration"/> (no such part, nothing to measure), or as
    /// <see cref="EvaluationFile.Read"/>.</exception>
    public static Func<EvaluationContext, Task<IReadOnlyList<EvaluationFigure>>> Prepare(EvaluationOptions options)
    {
        Check(options);
        var parts = new List<Func<EvaluationContext, Task<IReadOnlyList<EvaluationFigure>>>>();
        if (Wants(options, ScorerEvaluation.Part))
            parts.Add(Part<LabelledTrace>(options, "traces.jsonl", ScorerEvaluation.MeasureAsync));
        if (Wants(options, GradeSchoolEvaluation.Part))
            parts.Add(Part<GradeSchoolProblem>(options, "gsm8k.jsonl", GradeSchoolEvaluation.MeasureAsync));
        if (Wants(options, TextEvaluation.Part) || Wants(options, TextEvaluation.LongPart))
            parts.Add(Part<EvaluationText>(options, "texts.jsonl", (context, texts) => MeasureTextsAsync(context, texts, options)));
        if (Wants(options, TaskEvaluation.Part))
            parts.Add(Part<TaskPrompt>(options, "prompts.jsonl",
                (context, rows) => Task.FromResult(TaskEvaluation.Measure(context, rows))));
        if (options.Chains is { } chains)
            parts.Add(Part<PrunedChain>(chains, (context, rows) => Task.FromResult(PrunedChainEvaluation.Measure(context, rows))));
        return context => MeasureAsync(context, parts);
    }

    private static async Task<IReadOnlyList<EvaluationFigure>> MeasureAsync(
        EvaluationContext context, List<Func<EvaluationContext, Task<IReadOnlyList<EvaluationFigure>>>> parts)
    {
        var figures = new List<EvaluationFigure>();
        foreach (var part in parts) figures.AddRange(await part(context).ConfigureAwait(false));
        return figures;
    }

    private static async Task<IReadOnlyList<EvaluationFigure>> MeasureTextsAsync(
        EvaluationContext context, IReadOnlyList<Located<EvaluationText>> texts, EvaluationOptions options)
    {
        var evaluation = new TextEvaluation(context, texts);
        return
        [
            .. Wants(options, TextEvaluation.Part) ? await evaluation.MeasureAsync().ConfigureAwait(false) : [],
            .. Wants(options, TextEvaluation.LongPart) ? await evaluation.MeasureLongAsync().ConfigureAwait(false) : [],
        ];
    }

    private static Func<EvaluationContext, Task<IReadOnlyList<EvaluationFigure>>> Part<TRow>(EvaluationOptions options, string file,
        Func<EvaluationContext, IReadOnlyList<Located<TRow>>, Task<IReadOnlyList<EvaluationFigure>>> measure)
        where TRow : IEvaluationRow => Part(Path.Combine(options.Data!, file), measure);

    private static Func<EvaluationContext, Task<IReadOnlyList<EvaluationFigure>>> Part<TRow>(
        string path, Func<EvaluationContext, IReadOnlyList<Located<TRow>>, Task<IReadOnlyList<EvaluationFigure>>> measure)
        where TRow : IEvaluationRow
    {
        var rows = EvaluationFile.Read<TRow>(path);
        return context => measure(context, rows);
    }

    private static bool Wants(EvaluationOptions options, string part) =>
        options.Data is not null && options.Only?.Contains(part, StringComparer.Ordinal) != false;

    private static void Check(EvaluationOptions options)
    {
        if (options.Data is null && options.Chains is null)
            throw Invalid("nothing is to be measured. Give --data with a folder of evaluation files, or --chains with a file");
        if (options.Data is null && options.Only is not null)
            throw Invalid("--only chooses parts of a data folder. Give --data with it");
        if (options.Only?.FirstOrDefault(part => !Parts.Contains(part)) is { } unknown)
            throw Invalid($"--only: there is no part '{unknown}'. The parts are {string.Join(", ", Parts)}");
        if (options.Limit < 1) throw Invalid($"--limit is {options.Limit}; it must be at least 1");
    }

    private static PipelineException Invalid(string what) => new(ErrorCode.Configuration, $"{what}.");
}
