using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace ML.Pipelines.Schedulers.Tests;

/// <summary><c>kubernetes/job.yaml</c>, read strictly into the API's types: a field that the API lacks is an error.</summary>
[TestClass]
public sealed class KubernetesJobTests
{
    private static readonly string Manifests =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pipelines", "schedulers", "kubernetes", "job.yaml"));
    private static readonly Dictionary<string, V1Job> Jobs = Load(Manifests).ToDictionary(job => job.Metadata.Name);

    [TestMethod]
    public void The_jobs_are_plan_run_and_merge_and_only_the_plan_starts_at_once()
    {
        CollectionAssert.AreEqual(new[] { "mlpipe-plan", "mlpipe-run", "mlpipe-merge" }, Jobs.Keys.ToArray());
        CollectionAssert.AreEqual(new[] { false, true, true }, Jobs.Values.Select(job => job.Spec.Suspend ?? false).ToArray());
    }

    [TestMethod]
    public void Every_slice_has_its_index_and_knows_how_many_there_are()
    {
        var run = Jobs["mlpipe-run"].Spec;
        Assert.AreEqual("Indexed", run.CompletionMode);
        Assert.AreEqual(run.Completions, run.Parallelism);
        var variables = run.Template.Spec.Containers.Single().Env;
        Assert.AreEqual($"{run.Completions}", variables.Single(variable => variable.Name == "MLPIPE_SLICES").Value);
        Assert.IsFalse(variables.Any(variable => variable.Name == "JOB_COMPLETION_INDEX"), "Kubernetes sets it");
        Assert.DoesNotContain("--slice", run.Template.Spec.Containers.Single().Args);
    }

    [TestMethod]
    public void Work_left_is_retried_and_what_a_retry_cannot_mend_fails_the_job()
    {
        var run = Jobs["mlpipe-run"].Spec;
        Assert.AreEqual("Never", run.Template.Spec.RestartPolicy);
        Assert.IsGreaterThanOrEqualTo(60, run.Template.Spec.TerminationGracePeriodSeconds!.Value);
        var container = run.Template.Spec.Containers.Single().Name;
        var codes = run.PodFailurePolicy.Rules.Where(rule => rule.OnExitCodes is not null).ToArray();
        Assert.IsTrue(codes.All(rule => rule.OnExitCodes.ContainerName == container && rule.OnExitCodes.OperatorProperty == "In"));
        CollectionAssert.AreEqual(new[] { 75 }, codes.Single(rule => rule.Action == "Ignore").OnExitCodes.Values.ToArray());
        CollectionAssert.AreEqual(new[] { 2, 3, 4 }, codes.Single(rule => rule.Action == "FailJob").OnExitCodes.Values.ToArray());
        var condition = run.PodFailurePolicy.Rules.Single(rule => rule.OnPodConditions is not null).OnPodConditions.Single();
        Assert.AreEqual("DisruptionTarget", condition.Type);
    }

    [TestMethod]
    public void All_jobs_work_on_one_output_with_one_image_one_secret_and_bounded_memory()
    {
        var pods = Jobs.Values.Select(job => job.Spec.Template.Spec);
        var containers = pods.SelectMany(pod => (pod.InitContainers ?? []).Concat(pod.Containers)).ToArray();
        CollectionAssert.AreEqual(new[] { "plan", "run", "merge", "verify" }, containers.Select(container => container.Args[0]).ToArray());
        Assert.HasCount(1, containers.Select(container => container.Image).Distinct());
        Assert.HasCount(1, containers.Select(container => container.Args[^1]).Distinct());
        Assert.HasCount(1, containers.Select(container => container.EnvFrom.Single().SecretRef.Name).Distinct());
        foreach (var resources in containers.Select(container => container.Resources))
            Assert.IsTrue(resources.Limits.ContainsKey("memory") && resources.Requests.ContainsKey("cpu"));
        CollectionAssert.AreEqual(containers[0].Args.Skip(1).ToArray(), containers[1].Args.Skip(1).ToArray(), "plan and run read the same");
    }

    [TestMethod]
    [DataRow("completionMode: Indexed", "completionsMode: Indexed")]
    [DataRow("onExitCodes:", "onExitCode:")]
    [DataRow("mountPath: /job", "path: /job")]
    [DataRow("backoffLimit: 6", "backoffLimit: six")]
    public void A_field_that_the_API_lacks_or_a_value_of_another_type_is_refused(string right, string wrong)
    {
        StringAssert.Contains(Manifests, right);
        Assert.Throws<YamlException>(() => Load(Manifests.Replace(right, wrong, StringComparison.Ordinal)));
    }

    private static List<V1Job> Load(string manifests) => [.. KubernetesYaml.LoadAllFromString(manifests, strict: true).Cast<V1Job>()];
}
