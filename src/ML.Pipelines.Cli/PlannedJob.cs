using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Cli;

/// <summary>The job that a run's folder keeps in its plan.</summary>
internal static class PlannedJob
{
    /// <summary>Reads the job, with overrides.</summary>
    /// <exception cref="PipelineException">There is no run, or code made it and no job.</exception>
    public static Job Read(string folder, IEnumerable<JobOverride> overrides)
    {
        var path = Path.Combine(folder, RunPlan.FileName);
        var job = RunPlan.Read(folder).Job ?? throw new PipelineException(ErrorCode.Configuration, $"{path}: the run was made by code, "
            + "so there is no job in it.");
        return Job.Parse(job.GetRawText(), path, overrides);
    }
}
