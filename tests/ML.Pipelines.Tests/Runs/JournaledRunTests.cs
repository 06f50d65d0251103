using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Tests.Runs;

/// <summary>A call that was answered is never made again, and is counted once.</summary>
[TestClass]
public sealed class JournaledRunTests : RunTest
{
    [TestMethod]
    [DataRow(PruningScope.Solution)]
    [DataRow(PruningScope.Corpus)]
    public void However_often_a_run_is_stopped_each_call_is_answered_once(PruningScope scope)
    {
        var options = new PruningOptions { Ratio = 0.4, Scope = scope };
        var whole = Run("whole", options);
        var answered = Scorer.Requests.Count;
        var calls = 0;
        for (var lives = 0; lives <= answered; lives++)
        {
            // Each life dies at its second call: one call in flight, one answered.
            var left = 2;
            Scorer = new() { Noisy = true, Asked = _ => DieAt(--left == 0) };
            var ended = RunOrDie(options);
            calls += Scorer.Requests.Count - (ended is null ? 1 : 0);
            if (ended is null) continue;
            AssertSame(whole, ended);
            break;
        }
        Assert.AreEqual(answered, calls);
        AssertSame(Files("whole"), Files());
    }

    [TestMethod]
    public void Thresholds_that_were_learned_are_in_the_plan_and_not_learned_again()
    {
        var options = new PruningOptions { Ratio = 0.4, Scope = PruningScope.Corpus };
        Run(options: options);
        Assert.AreSequenceEqual(["prune.reasoning"], RunPlan.Read(Output()).Fitted.Keys);
        File.Delete(Path.Combine(Output(), Manifest.FileName));
        var files = Files("out");
        Scorer = new() { Noisy = true };
        Run(options: options);
        var first = Scorer.Requests.Count(request => request.Prefix.Contains("What is 0?", StringComparison.Ordinal));
        Assert.AreEqual(1, first, "a row was scored for the threshold, too");
        foreach (var name in files.Keys) Assert.AreEqual(files[name], Files()[name], name);
    }

    [TestMethod]
    public void Finished_runs_leave_no_journal()
    {
        Run(options: new() { Ratio = 0.4, Scope = PruningScope.Corpus });
        Assert.IsEmpty(FolderOf().Store.List(RunFolder.JournalName("")).ToArray());
    }

    [TestMethod]
    public void Calls_are_counted_in_the_manifest_and_summed()
    {
        var totals = Run();
        Assert.AreEqual(Scorer.Requests.Count, totals.Usage["scorer"].Calls);
        Assert.AreEqual(totals.Usage["scorer"].Calls, Manifest.Read(Output()).Sum(entry => entry.Usage?["scorer"].Calls ?? 0));
    }

    [TestMethod]
    public void A_run_without_models_makes_no_journal_and_has_no_usage()
    {
        var totals = Run(options: new() { Ratio = 0.4, Method = PruningMethod.Rule });
        Assert.IsEmpty(totals.Usage);
    }

    private RunTotals? RunOrDie(PruningOptions options)
    {
        try
        {
            return Run(options: options);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void DieAt(bool now)
    {
        if (now) throw new IOException("The server went away.");
    }
}
