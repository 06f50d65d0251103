using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Pruning;
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
    /// <param name="scorer">Gives the scorer of a prune stage.</param>
    public static IEstimator<ITransformer> Build(Job job, TrainingSetsCatalog catalog, Func<StageOptions, IStepScorer> scorer)
    {
        var chain = new EstimatorChain<ITransformer>();
        foreach (var stage in job.Stages) chain = chain.Append(Create(stage, catalog, scorer));
        return chain;
    }

    /// <summary>The adapter alone, or null where the job has none.</summary>
    public static IEstimator<ITransformer>? Adapter(Job job, TrainingSetsCatalog catalog) =>
        job.Stages.FirstOrDefault(stage => stage.Name == "adapt") is { } stage ? Adapt(stage, catalog) : null;

    /// <summary>Whether the chain makes steps.</summary>
    public static bool HasSteps(Job job) => job.Stages.Any(stage => stage.Name == "prune");

    private static IEstimator<ITransformer> Create(StageOptions stage, TrainingSetsCatalog catalog, Func<StageOptions, IStepScorer> scorer) => stage.Name switch
    {
        "adapt" => Adapt(stage, catalog),
        "segment" => catalog.SegmentSteps(StepsColumn, "reasoning", Segmenter(stage)),
        "classify" => catalog.ClassifySteps(StepsColumn),
        "prune" => catalog.PruneByPerplexity("reasoning", StepsColumn, scorer(stage), Pruning(stage)),
        "format" => catalog.FormatMessages("messages", new()
        {
            ThoughtOpen = stage.Text("thoughtOpen"),
            ThoughtClose = stage.Text("thoughtClose"),
        }),
        _ => throw new PipelineException(ErrorCode.Configuration, $"There is no stage '{stage.Name}'."),
    };

    private static TraceAdaptingEstimator Adapt(StageOptions stage, TrainingSetsCatalog catalog) => catalog.AdaptTraces(new()
    {
        Schema = stage.Text("schema") is "auto" ? null : stage.Text("schema"),
        Map = stage.TextMap("map"),
        IdColumn = NullIfEmpty(stage.Text("idColumn")),
        Source = NullIfEmpty(stage.Text("source")),
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

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
