using System.Globalization;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Cli;

/// <summary>The slice that a scheduler gives a job by environment variables.</summary>
internal static class SchedulerSlice
{
    /// <summary>How many slices a Kubernetes indexed job has: its pods know their index alone.</summary>
    public const string SlicesVariable = "MLPIPE_SLICES";

    private const string AzureNumber = "SYSTEM_JOBPOSITIONINPHASE", AzureCount = "SYSTEM_TOTALJOBSINPHASE";
    private const string SlurmNumber = "SLURM_ARRAY_TASK_ID", SlurmCount = "SLURM_ARRAY_TASK_COUNT", SlurmFirst = "SLURM_ARRAY_TASK_MIN";
    private const string KubernetesIndex = "JOB_COMPLETION_INDEX";

    /// <summary>Reads the variables of Azure Pipelines, Slurm arrays and Kubernetes indexed jobs; all shards where there are none.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: they name no slice.</exception>
    public static RunSlice Read(Func<string, string?> variable)
    {
        if (variable(AzureNumber) is { Length: > 0 } && variable(AzureCount) is { Length: > 0 })
            return Slice(Integer(variable, AzureNumber), Integer(variable, AzureCount), AzureNumber);
        if (variable(SlurmNumber) is { Length: > 0 })
            return Slice(Integer(variable, SlurmNumber) - (variable(SlurmFirst) is { Length: > 0 } ? Integer(variable, SlurmFirst) : 1) + 1,
                Integer(variable, SlurmCount), SlurmNumber);
        if (variable(KubernetesIndex) is { Length: > 0 })
            return Slice(Integer(variable, KubernetesIndex) + 1, Integer(variable, SlicesVariable), KubernetesIndex);
        return RunSlice.Whole;
    }

    private static RunSlice Slice(int number, int count, string source) => RunSlice.Parse(
        string.Create(CultureInfo.InvariantCulture, $"{number}/{count}"), source);

    private static int Integer(Func<string, string?> variable, string name) =>
        int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : throw new PipelineException(ErrorCode.Configuration, $"{name} is '{variable(name)}', not a number. Set it, or give --slice k/n.");
}
