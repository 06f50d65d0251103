using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Compression;
using ML.Pipelines.Pruning;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Cli;

/// <summary>What a job's stages need beside their options: models with a journal in a run, models that only count in an estimate.</summary>
/// <param name="Scorer">The scorer of a prune stage.</param>
/// <param name="Teacher">The teacher of a stage.</param>
/// <param name="Words">The scorer of a stage that compresses by self-information.</param>
/// <param name="Tools">What checks shorter chains.</param>
/// <param name="Training">What trains models for a stage.</param>
internal sealed record JobParts(
    Func<StageOptions, IStepScorer> Scorer, Func<StageOptions, Teacher> Teacher, Func<StageOptions, IWordScorer> Words,
    Func<StageOptions, ChainTools> Tools, Func<StageOptions, StageTraining> Training)
{
    /// <summary>Models that are not asked: what each would be asked is counted, once where a stage that learns has its rows read twice.</summary>
    /// <param name="job">The job.</param>
    /// <param name="models">The models.</param>
    /// <param name="report">Is told the model's name and what a call would take; from any thread.</param>
    public static JobParts Counting(Job job, JobModels models, Action<string, ModelUsage> report) => new(
        stage =>
        {
            var name = stage.Text("scorer");
            var scorer = models.Scorer(name);
            return new JournalingStepScorer(
                new EstimatingStepScorer(scorer, used => report(models.ScorerKey(name), used), JobChain.Pruning(stage).Overflow),
                new EstimatingJournal(_ => { }), scorer.Info);
        },
        stage =>
        {
            var name = stage.Text("teacher");
            var client = new EstimatingChatClient(text => models.EstimateTokens(name, text), used => report(name, used));
            return new Teacher(client, models.TeacherInfo(name), new EstimatingJournal(_ => { }));
        },
        stage =>
        {
            var name = stage.Text("scorer");
            return new EstimatingWordScorer(models.Scorer(name), JobChain.Words(stage), used => report(models.ScorerKey(name), used));
        },
        stage => models.CountingTools(stage, report),
        stage => JobTraining.Estimate(job, stage));

    /// <summary>For stages without teachers and trainings; others are refused.</summary>
    public static JobParts Of(Func<StageOptions, IStepScorer> scorer) => new(scorer,
        stage => throw new PipelineException(ErrorCode.Configuration,
            $"stages.{stage.Name}: what a teacher writes cannot be made again from evidence. Run the job: replies that it has are not asked for again."),
        stage => throw new PipelineException(ErrorCode.Configuration,
            $"stages.{stage.Name}: what words are worth is not in the evidence. Run the job: scores that it has are not asked for again."),
        _ => new(),
        stage => throw new PipelineException(ErrorCode.Configuration,
            $"stages.{stage.Name}: what models that are trained decide is not in the evidence. Run the job: trainings that it has are not made again."));
}
