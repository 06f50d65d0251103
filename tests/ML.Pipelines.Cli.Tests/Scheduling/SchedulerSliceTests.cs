using ML.Pipelines.Runs;

namespace ML.Pipelines.Cli.Tests.Scheduling;

[TestClass]
public sealed class SchedulerSliceTests
{
    [TestMethod]
    public void Without_a_scheduler_all_shards_are_worked_on() => Assert.AreEqual(RunSlice.Whole, Read());

    [TestMethod]
    public void Azure_Pipelines_counts_from_1() =>
        Assert.AreEqual(new(2, 5), Read(("SYSTEM_JOBPOSITIONINPHASE", "2"), ("SYSTEM_TOTALJOBSINPHASE", "5")));

    [TestMethod]
    [DataRow("0", "0")]
    [DataRow("1", "1")]
    [DataRow("7", "7")]
    public void A_Slurm_array_counts_from_its_first_task(string first, string task) =>
        Assert.AreEqual(new(1, 4), Read(("SLURM_ARRAY_TASK_ID", task), ("SLURM_ARRAY_TASK_COUNT", "4"), ("SLURM_ARRAY_TASK_MIN", first)));

    [TestMethod]
    public void A_Kubernetes_index_counts_from_0_and_needs_the_number_of_slices()
    {
        Assert.AreEqual(new(4, 4), Read(("JOB_COMPLETION_INDEX", "3"), ("MLPIPE_SLICES", "4")));
        Assert.Contains("MLPIPE_SLICES", Refused(("JOB_COMPLETION_INDEX", "3")));
    }

    [TestMethod]
    public void A_task_beyond_the_count_is_refused() =>
        Assert.Contains("SLURM_ARRAY_TASK_ID: '5/4' is no slice", Refused(("SLURM_ARRAY_TASK_ID", "5"), ("SLURM_ARRAY_TASK_COUNT", "4")));

    [TestMethod]
    [DataRow("90s", 90)]
    [DataRow("50m", 3000)]
    [DataRow("1.5h", 5400)]
    public void A_duration_is_a_number_with_its_unit(string text, int seconds) =>
        Assert.AreEqual(TimeSpan.FromSeconds(seconds), Duration.Parse("--max-duration", text));

    [TestMethod]
    [DataRow("")]
    [DataRow("50")]
    [DataRow("m")]
    [DataRow("0m")]
    [DataRow("-1m")]
    [DataRow("1d")]
    [DataRow("99999h")]
    public void What_is_no_duration_is_refused(string text)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => Duration.Parse("--max-duration", text));
        Assert.Contains("--max-duration", fault.Message);
    }

    private static string Refused(params (string Name, string Value)[] variables)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => Read(variables));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
        return fault.Message;
    }

    private static RunSlice Read(params (string Name, string Value)[] variables) =>
        SchedulerSlice.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
