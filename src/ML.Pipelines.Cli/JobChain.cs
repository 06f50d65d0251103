using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Compression;
using ML.Pipelines.Filtering;
using ML.Pipelines.Pruning;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Teachers;
using ML.Pipelines.Text;
using ML.Pipelines.Traces;

namespace ML.Pipelines.Cli;

/// <summary>A job's stages as a chain of estimators.</summary>
internal static class JobChain
{
    /// <summary>The steps column inside a run; it becomes evidence, not data.</summary>
    public const string StepsColumn = "mlpipelines.steps";

    /// <summary>Builds the chain.</summary>
    /// <param name="job">The job.</param>
    /// <param name="catalog">The catalog, with the run's reject sink.</param>
    /// <param name="parts">Gives the models of stages.</param>
    public static IEstimator<ITransformer> Build(Job job, TrainingSetsCatalog catalog, JobParts parts)
    {
        var chain = new EstimatorChain<ITransformer>();
        foreach (var stage in job.Stages) chain = chain.Append(Create(job, stage, catalog, parts));
        return chain;
    }

    /// <summary>The adapter alone, or null where the job has none.</summary>
    public static IEstimator<ITransformer>? Adapter(Job job, TrainingSetsCatalog catalog) =>
        job.FindStage("adapt") is { } stage ? Adapt(stage, catalog) : null;

    /// <summary>Whether the chain makes steps.</summary>
    public static bool HasSteps(Job job) => job.FindStage("prune") is not null;

    private static IEstimator<ITransformer> Create(Job job, StageOptions stage, TrainingSetsCatalog catalog, JobParts parts) => stage.Name switch
    {
        "adapt" => Adapt(stage, catalog),
        "deduplicate" => catalog.DeduplicateFuzzily(stage.Text("column"), Similar(stage)),
        "decontaminate" => catalog.Decontaminate(stage.Text("column"),
            stage.TextList("references").SelectMany(path => FuzzyFilters.ReadReferences(path, stage.Text("referenceColumn"))), Similar(stage)),
        "segment" => catalog.SegmentSteps(StepsColumn, "reasoning",
            HasTeacher(stage) ? new TeacherStepSegmenter(parts.Teacher(stage), Prompt(job, stage), Segmenter(stage)) : Segmenter(stage)),
        "classify" => catalog.ClassifySteps(StepsColumn, null, HasTeacher(stage) ? new TeacherStepClassifier(parts.Teacher(stage), Prompt(job, stage)) : null),
        "prune" => catalog.PruneByPerplexity("reasoning", StepsColumn, parts.Scorer(stage), Pruning(stage)),
        "judge" => catalog.JudgeDifficulty("difficulty", parts.Teacher(stage), Judging(job, stage)),
        "rewrite" => catalog.RewriteByDifficulty(parts.Teacher(stage), Rewriting(job, stage), parts.Tools(stage)),
        "compress" when IsBySelfInformation(stage) => catalog.CompressChainOfThought(parts.Words(stage), Condensing(stage), parts.Tools(stage)),
        "compress" => catalog.CompressChainOfThought(parts.Teacher(stage), Compressing(job, stage), parts.Tools(stage)),
        "select-rate" => SelectRate(job, stage, catalog, parts.Training(stage)),
        _ => FilterChain.Create(stage, catalog) ?? FormatChain.Create(job, stage, catalog)
            ?? throw new PipelineException(ErrorCode.Configuration, $"There is no stage '{stage.Name}'."),
    };

    private static TraceAdaptingEstimator Adapt(StageOptions stage, TrainingSetsCatalog catalog) => catalog.AdaptTraces(new()
    {
        Schema = stage.Text("schema") is "auto" ? null : stage.Text("schema"),
        Map = stage.TextMap("map"),
        IdColumn = stage.TextOrNull("idColumn"),
        Source = stage.TextOrNull("source"),
    });

    private static StepSegmenter Segmenter(StageOptions stage) => new(new()
    {
        TargetSentences = stage.Integer("targetSentences"),
        MaxSentences = stage.Integer("maxSentences"),
        MaxStepLength = stage.Integer("maxStepLength"),
        BreakAtReflectionInParagraph = stage.Boolean("breakAtReflectionInParagraph"),
    });

    /// <summary>The options of a prune stage.</summary>
    public static PruningOptions Pruning(StageOptions stage) => new()
    {
        Ratio = stage.Number("ratio"),
        Method = stage.Choice<PruningMethod>("method"),
        Scope = stage.Choice<PruningScope>("scope"),
        Seed = stage.Integer("seed"),
        Prefix = stage.Text("prefix"),
        Bridge = stage.Text("bridge"),
        CutOff = stage.Choice<RowPolicy>("cutOff"),
        WrongAnswer = stage.Choice<RowPolicy>("wrongAnswer"),
        NoAnswer = stage.Choice<RowPolicy>("noAnswer"),
        GuardCorrections = stage.Boolean("guardCorrections"),
        Overflow = stage.Choice<OverflowPolicy>("overflow"),
    };

    private static RateSelectionEstimator SelectRate(Job job, StageOptions stage, TrainingSetsCatalog catalog, StageTraining training) =>
        catalog.SelectCompressionRate(stage.Text("outputColumn"), training.Trainer, training.Predictor, JobTraining.RateSelection(job, stage));

    private static FuzzyFilterOptions Similar(StageOptions stage) => new() { Ratio = (decimal)stage.Number("ratio") };

    private static JudgingOptions Judging(Job job, StageOptions stage) => new()
    {
        Prompt = Prompt(job, stage),
        MaxOutputTokens = stage.IntegerOrNull("maxOutputTokens"),
        Concurrency = stage.Integer("concurrency"),
    };

    private static RewritingOptions Rewriting(Job job, StageOptions stage) => new RewritingOptions
    {
        Prompt = Prompt(job, stage),
        Tags = stage.Boolean("tags"),
        MaxSimpleSolution = stage.Integer("maxSimpleSolution"),
        MaxModerateSolution = stage.Integer("maxModerateSolution"),
        MaxHardSolution = stage.Integer("maxHardSolution"),
    }.Asking(stage).With(stage);

    private static TeacherCompressionOptions Compressing(Job job, StageOptions stage) => new TeacherCompressionOptions
    {
        Prompt = Prompt(job, stage),
        Rates = Rates(stage),
        Layout = stage.Choice<RateLayout>("layout"),
    }.Asking(stage).With(stage);

    private static ChainCompressionOptions Condensing(StageOptions stage) => new ChainCompressionOptions
    {
        Rates = Rates(stage),
        Layout = stage.Choice<RateLayout>("layout"),
        Words = Words(stage),
    }.With(stage);

    private static double[] Rates(StageOptions stage) => [.. stage.TextList("rates").Select(rate => double.Parse(rate, CultureInfo.InvariantCulture))];

    /// <summary>How the words of a compress stage are chosen.</summary>
    public static WordChoiceOptions Words(StageOptions stage) => new()
    {
        Method = stage.Choice<CompressionMethod>("method"),
        Seed = stage.Integer("seed"),
        MaxSegments = stage.Integer("maxSegments"),
        ProtectedPhrases = stage.TextList("protect"),
    };

    /// <summary>Whether a stage compresses without a teacher.</summary>
    public static bool IsBySelfInformation(StageOptions stage) =>
        stage.Names.Contains("compressor") && stage.Choice<ChainCompressor>("compressor") == ChainCompressor.SelfInformation;

    private static T With<T>(this T options, StageOptions stage) where T : ShorteningOptions => options with
    {
        Fallback = stage.Choice<ShorteningFallback>("fallback"),
        MinReduction = stage.Number("minReduction"),
        MinNumbers = stage.Number("minNumbers"),
        MaxAnswerLossIncrease = stage.Given.ContainsKey("maxAnswerLossIncrease") ? stage.Number("maxAnswerLossIncrease") : null,
        Concurrency = stage.Integer("concurrency"),
    };

    private static T Asking<T>(this T options, StageOptions stage) where T : TeacherShorteningOptions => options with
    {
        Retries = stage.Integer("retries"),
        Temperature = (float)stage.Number("temperature"),
        Seed = stage.Integer("seed"),
        MaxOutputTokens = stage.IntegerOrNull("maxOutputTokens"),
    };

    /// <summary>Whether a stage asks a teacher.</summary>
    public static bool HasTeacher(StageOptions stage) => stage.Names.Contains("teacher") && stage.Text("teacher").Length > 0;

    /// <summary>The prompt of a stage.</summary>
    public static PromptTemplate Prompt(Job job, StageOptions stage) =>
        PromptTemplate.Open(stage.Text("prompt") is var name && name != JobSchema.AutoPrompt ? name : AutoPrompt(job, stage));

    // The bundled model knows its own few words only.
    private static string AutoPrompt(Job job, StageOptions stage)
    {
        var bundled = job.Models[stage.Text("teacher")] is { Type: ModelType.Onnx, IsBundled: true };
        return stage.Name switch
        {
            "segment" => "pir-segment",
            "classify" => "pir-classify",
            "judge" => bundled ? "bundled/judge" : "dap-judge",
            "rewrite" when bundled => "bundled/rewrite",
            "rewrite" => job.FindStage("judge") is not null ? "dap-rewrite-level" : "dap-rewrite",
            _ when stage.TextList("rates").Count == 0 => "c3ot-compress",
            _ => bundled ? "bundled/compress" : "c3ot-compress-rate",
        };
    }
}
