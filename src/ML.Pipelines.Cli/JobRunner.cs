using Microsoft.ML;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Compression;
using ML.Pipelines.Data;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;
using ML.Pipelines.Traces;

namespace ML.Pipelines.Cli;

/// <summary>Runs a job, with its models or with an earlier run's evidence in their place.</summary>
internal static class JobRunner
{
    private static readonly string[] AfterScoring = ["stages.prune.ratio", "stages.prune.scope", "stages.prune.guardCorrections"];
    private static readonly string[] ColumnOrder = [.. DataSchemas.Get("pir").Columns.Select(column => column.Name)];

    /// <summary>Runs with the job's models.</summary>
    public static RunTotals Run(Job job, RunSlice slice, IRunProgress progress, Action<string> notice, CancellationToken cancellationToken) =>
        WithModels(job, progress, notice, (run, definition) => run.Execute(definition with { Slice = slice }), cancellationToken);

    /// <summary>Fixes the plan of a run, or reads it where there is one.</summary>
    public static RunPlan Plan(Job job, IRunProgress progress, Action<string> notice, CancellationToken cancellationToken) =>
        WithModels(job, progress, notice, (run, definition) => run.Plan(definition), cancellationToken);

    private static T WithModels<T>(
        Job job, IRunProgress progress, Action<string> notice, Func<PipelineRun, RunDefinition, T> action, CancellationToken cancellationToken)
    {
        using var models = JobModels.Load(job, notice);
        var run = new PipelineRun(progress, () => models.TokensForwarded, cancellationToken);
        var definition = Define(job, run, models.Fingerprints, new(
            stage =>
            {
                var scorer = models.Scorer(stage.Text("scorer"));
                return new JournalingStepScorer(new LanguageStepScorer(scorer, JobChain.Pruning(stage).Overflow), run.Journal, scorer.Info);
            },
            stage => models.Teacher(stage.Text("teacher"), run.Journal),
            stage => new JournalingWordScorer(models.Words(stage.Text("scorer")), run.Journal, models.Scorer(stage.Text("scorer")).Info),
            stage => models.Tools(stage, run.Journal),
            stage => JobTraining.Open(job, stage, run.Journal, notice)));
        return action(run, definition with { Measure = rows => Measure(job, models, rows), Prices = models.Prices });
    }

    /// <summary>What the job's chain would ask of its models for some rows.</summary>
    private static Dictionary<string, ModelUsage> Measure(Job job, JobModels models, RecordDataView rows)
    {
        var usage = models.Fingerprints.Keys.ToDictionary(name => name, _ => ModelUsage.Zero, StringComparer.Ordinal);
        var reported = new Lock();
        var chain = JobChain.Build(job, new MLContext(seed: 1).TrainingSets(IgnoringRejectSink.Instance), JobParts.Counting(job, models, (name, used) =>
        {
            lock (reported) usage[name] = usage[name].Add(used);
        }));
        var view = chain.Fit(rows).Transform(rows);
        using var cursor = view.GetRowCursor(view.Schema);
        while (cursor.MoveNext()) { }
        return usage;
    }

    /// <summary>Runs with the evidence of an earlier run of the same input, segmentation and method.</summary>
    public static RunTotals Rethreshold(Job job, RunFolder folder, IRunProgress progress, CancellationToken cancellationToken)
    {
        var earlier = RunPlan.Read(folder.Store);
        CheckSameScores(job, earlier);
        CheckSameInput(job, earlier);
        var evidence = EvidenceStepScorer.Load(folder, JobOutput.Format(job));
        var run = new PipelineRun(progress, null, cancellationToken);
        return run.Execute(Define(job, run, earlier.Models, JobParts.Of(_ => evidence)));
    }

    // Evidence holds the scores of one input, segmentation, method and context; what comes after scoring may differ.
    private static void CheckSameScores(Job job, RunPlan earlier)
    {
        var before = earlier.Options.ToDictionary(option => option.Path, option => option.Value, StringComparer.Ordinal);
        var changed = job.Canonical().FirstOrDefault(option => !AfterScoring.Contains(option.Path)
            && !option.Path.StartsWith("output.", StringComparison.Ordinal) && !option.Path.StartsWith("stages.format.", StringComparison.Ordinal)
            && before.GetValueOrDefault(option.Path) != option.Value);
        if (changed is not null)
            throw new PipelineException(ErrorCode.Configuration,
                $"--set {changed.Path}={changed.Value}: the evidence was made with "
                    + $"{before.GetValueOrDefault(changed.Path) ?? "no such option"}. Only {string.Join(", ", AfterScoring)}, output "
                    + "and format options may change; otherwise run the job.");
    }

    private static void CheckSameInput(Job job, RunPlan earlier)
    {
        var inputs = JobInput.Files(job).Select(PlanInput.Of).ToArray();
        if (!inputs.Select(input => input.Sha256).SequenceEqual(earlier.Inputs.Select(input => input.Sha256)))
            throw new PipelineException(ErrorCode.EvidenceMismatch, "The input files are not those of the run that made the evidence. "
                + "Run the job on them.");
        if (earlier.Version != PipelineRun.Version)
            throw new PipelineException(ErrorCode.EvidenceMismatch, $"The evidence was made by version {earlier.Version}, this is "
                + $"{PipelineRun.Version}. Run the job.");
    }

    // A prompt counts by what it says, wherever it lies.
    private static IEnumerable<PlanOption> Prompts(Job job) => job.Stages.Where(JobChain.HasTeacher)
        .Select(stage => new PlanOption($"stages.{stage.Name}.prompt", JobChain.Prompt(job, stage).Hash));

    private static IEnumerable<PlanOption> Tokenizers(Job job) => job.Stages.Where(stage => stage.Names.Contains("scorer"))
        .Select(stage => stage.Text("scorer")).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)
        .Select(name => job.Models[name])
        .Where(model => model.Type == ModelType.Openai && model.Text("tokenizer").Length > 0)
        .Select(model => (Option: $"models.{model.Name}.tokenizer", File: JobModels.TokenizerFile(model.Text("tokenizer"))))
        .Select(tokenizer => new PlanOption(tokenizer.Option, Hash(tokenizer.Option, tokenizer.File)));

    private static IEnumerable<PlanOption> References(Job job) => job.Stages.Where(stage => stage.Names.Contains("references"))
        .Select(stage => new PlanOption($"stages.{stage.Name}.references", string.Join(',', stage.TextList("references").Select(path => Hash($"stages.{stage.Name}.references", path)))));

    private static string Hash(string option, string path) => File.Exists(path) ? PlanInput.Of(path).Sha256
        : throw new PipelineException(ErrorCode.FileNotFound, $"{option}: there is no file '{path}'. Check the path.");

    private static RunDefinition Define(
        Job job, PipelineRun run, IReadOnlyDictionary<string, string> models, JobParts parts)
    {
        var files = JobInput.Files(job);
        return new()
        {
            Options = [.. job.Canonical().Select(option => new PlanOption(option.Path, option.Value)), new("output.engine", JobOutput.Engine(job).Name), .. Prompts(job), .. Tokenizers(job), .. References(job)],
            Job = JobText.Write(job, files),
            Source = JobInput.Open(job, files, run.Rejects),
            InputFiles = files,
            Chain = JobChain.Build(job, new MLContext(seed: 1).TrainingSets(run), parts),
            Models = models,
            Store = RunStores.Open(job.Output.Folder),
            Format = JobOutput.Format(job),
            ShardRows = job.Output.ShardRows,
            ShardBytes = job.Output.ShardBytes,
            StepsColumn = JobChain.HasSteps(job) ? JobChain.StepsColumn : null,
            ColumnOrder = ColumnOrder,
            MostTrainings = JobTraining.MostTrainings(job),
        };
    }
}
