using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Cli;

/// <summary>The job that a run's folder keeps in its plan.</summary>
internal static class PlannedJob
{
    /// <summary>Reads the job, with overrides.</summary>
    /// <exception cref="PipelineException">There is no run, or code made it and no job.</exception>
    public static Job Read(IRunStore store, IEnumerable<JobOverride> overrides)
    {
        var path = store.Describe(RunPlan.FileName);
        var job = RunPlan.Read(store).Job ?? throw new PipelineException(ErrorCode.Configuration, $"{path}: the run was made by code, "
            + "so there is no job in it.");
        return Job.Parse(job.GetRawText(), path, overrides);
    }
}
