using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Tests.Runs;

/// <summary>A run that dies before or after any single step of its store ends in the same bytes.</summary>
[TestClass]
public sealed class StoreStepTests : RunTest
{
    [TestMethod]
    public void A_run_that_dies_before_or_after_any_step_of_its_store_is_continued_to_the_same_bytes()
    {
        var steps = new List<string>();
        var totals = Run(change: In((step, name) => steps.Add($"{step} {name}")));
        var whole = Files();
        foreach (var kind in (string[])["write", "flush", "rename", "append", "delete"]) Assert.IsTrue(steps.Exists(step => step.Contains(kind, StringComparison.Ordinal)), kind);
        for (var at = 0; at < steps.Count; at++)
        {
            Directory.Delete(Output(), recursive: true);
            var left = at;
            Assert.ThrowsExactly<DeathException>(() => Run(change: In((_, _) => DieAt(left-- == 0))), steps[at]);
            AssertSame(totals, Run());
            AssertSame(whole, Files());
        }
    }

    [TestMethod]
    public void A_manifest_cut_at_every_byte_of_its_last_line_makes_that_shard_again()
    {
        Run();
        var files = Files();
        var manifest = Path.Combine(Output(), Manifest.FileName);
        var text = files[Manifest.FileName];
        for (var length = text.LastIndexOf('\n', text.Length - 2) + 1; length < text.Length; length++)
        {
            File.WriteAllText(manifest, text[..length]);
            Assert.HasCount(2, Manifest.Read(Output()), $"{length}");
        }
        Run();
        AssertSame(files, Files());
    }

    private Func<RunDefinition, RunDefinition> In(Action<string, string> reached) =>
        definition => definition with { Store = new LocalRunStore(Output()) { Reached = reached } };

    private static void DieAt(bool now)
    {
        if (now) throw new DeathException();
    }

    private sealed class DeathException : Exception;
}
