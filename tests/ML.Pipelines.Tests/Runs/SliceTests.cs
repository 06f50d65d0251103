using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Tests.Runs;

/// <summary>Slices of a run on one store, and their merge.</summary>
[TestClass]
public sealed class SliceTests : RunTest
{
    [TestMethod]
    [DataRow(1, PruningScope.Solution)]
    [DataRow(2, PruningScope.Solution)]
    [DataRow(3, PruningScope.Corpus)]
    [DataRow(5, PruningScope.Solution)]
    public void Merged_slices_are_the_single_machine_s_output_byte_for_byte(int count, PruningScope scope)
    {
        var options = new PruningOptions { Ratio = 0.4, Scope = scope };
        var whole = Run("whole", options);
        for (var number = count; number >= 1; number--) RunSliceOf(number, count, options);
        AssertSame(whole, RunMerge.Merge(FolderOf(), Format));
        AssertSame(Files("whole"), Files());
    }

    [TestMethod]
    public async Task Slices_that_start_at_once_share_one_plan_and_do_no_row_twice()
    {
        var options = new PruningOptions { Ratio = 0.4, Scope = PruningScope.Corpus };
        Run("whole", options);
        var calls = Scorer.Requests.Count;
        Scorer = new() { Noisy = true };
        _ = Input;
        await Task.WhenAll(Enumerable.Range(1, 3).Select(number => Task.Run(() => RunSliceOf(number, 3, options))));
        Assert.HasCount(calls, Scorer.Requests);
        RunMerge.Merge(FolderOf(), Format);
        AssertSame(Files("whole"), Files());
    }

    [TestMethod]
    public void A_slice_has_its_own_rows_in_its_totals()
    {
        Assert.AreEqual(6, RunSliceOf(1, 2).RowsIn);
        Assert.AreEqual(4, RunSliceOf(2, 2).RowsIn);
    }

    [TestMethod]
    public void A_merge_names_the_shards_that_are_left()
    {
        RunSliceOf(1, 2);
        var fault = Throws(ErrorCode.NotFinished, () => RunMerge.Merge(FolderOf(), Format));
        Assert.Contains("1 of 3 shards are not sealed yet (part-00001)", fault.Message);
    }

    [TestMethod]
    public void A_merge_twice_changes_nothing()
    {
        RunSliceOf(1, 2);
        RunSliceOf(2, 2);
        RunMerge.Merge(FolderOf(), Format);
        var files = Files();
        RunMerge.Merge(FolderOf(), Format);
        AssertSame(files, Files());
    }

    [TestMethod]
    public void The_same_slice_is_refused_while_its_process_works()
    {
        using var held = FolderOf().Lock(new RunSlice(2, 3));
        Assert.Contains("Another run works on slice 2/3", Throws(ErrorCode.Output, () => RunSliceOf(2, 3)).Message);
    }

    [TestMethod]
    public void Another_division_is_refused_while_a_worker_of_the_first_works_and_continues_its_shards_later()
    {
        Run("whole");
        RunSliceOf(1, 3);
        using (FolderOf().Lock(new RunSlice(2, 3)))
            Assert.Contains("slice 2/3", Throws(ErrorCode.Output, () => RunSliceOf(1, 2)).Message);
        var sealedBefore = Scorer.Requests.Count;
        Run();
        Assert.IsFalse(Scorer.Requests.Skip(sealedBefore).Any(request => request.Prefix.Contains("What is 0?", StringComparison.Ordinal)));
        AssertSame(Files("whole"), Files());
    }

    [TestMethod]
    public void Status_tells_sealed_shards_who_works_and_what_is_left()
    {
        RunSliceOf(1, 3);
        using (FolderOf().Lock(new RunSlice(2, 3)))
        {
            var status = RunStatus.Read(FolderOf());
            Assert.AreEqual((3, 10L, 1, 4L, false), (status.Shards, status.Rows, status.ShardsSealed, status.Totals.RowsIn, status.IsFinished));
            Assert.AreSequenceEqual([new RunSlice(2, 3)], status.Working);
            Assert.AreSequenceEqual([new RunSlice(3, 3)], status.Waiting);
        }
        Run();
        Assert.IsTrue(RunStatus.Read(FolderOf()).IsFinished);
    }

    [TestMethod]
    public void Every_shard_is_in_exactly_one_slice() => Prop.ForAll(
        ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<NonNegativeInt>(),
        (count, shard) => Enumerable.Range(1, count.Get).Count(number => new RunSlice(number, count.Get).Holds(shard.Get)) == 1).QuickCheckThrowOnFailure();

    [TestMethod]
    [DataRow("1/1", 1, 1)]
    [DataRow("2/8", 2, 8)]
    public void A_slice_is_written_as_k_of_n(string text, int number, int count)
    {
        Assert.AreEqual(new RunSlice(number, count), RunSlice.Parse(text));
        Assert.AreEqual(text, RunSlice.Parse(text).ToString());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("0/2")]
    [DataRow("3/2")]
    [DataRow("1/2/3")]
    [DataRow("-1/2")]
    [DataRow("1,5/2")]
    [DataRow("2")]
    public void What_is_no_slice_is_refused(string text) =>
        Assert.Contains("is no slice", Throws(ErrorCode.Configuration, () => RunSlice.Parse(text)).Message);

    private RunTotals RunSliceOf(int number, int count, PruningOptions? options = null) =>
        Run(options: options, change: definition => definition with { Slice = new(number, count) });
}
