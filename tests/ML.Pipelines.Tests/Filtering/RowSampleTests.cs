using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Filtering;
using ML.Pipelines.Stages;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Filtering;

[TestClass]
public sealed class RowSampleTests : FileTest
{
    [TestMethod]
    public void Of_each_group_so_many_rows_stay_in_their_order()
    {
        var ids = Kept(new() { Count = 2, GroupColumn = "topic" }, [.. Enumerable.Range(0, 30).Select(i => Row($"r{i:00}", $"t{i % 3}"))]);
        Assert.AreSequenceEqual(ids.Order(StringComparer.Ordinal), ids);
        Assert.AreSequenceEqual([2, 2, 2], ids.GroupBy(id => int.Parse(id[2..^1], null) % 3).Select(group => group.Count()));
        Assert.HasCount(24, Rejects.DroppedRows.Where(row => row.Reason == "not-chosen").ToArray());
    }

    [TestMethod]
    public void Without_groups_so_many_rows_of_all_stay() =>
        Assert.HasCount(7, Kept(new() { Count = 7 }, [.. Enumerable.Range(0, 30).Select(i => Row($"r{i}", "t"))]));

    [TestMethod]
    public void The_choice_depends_on_seed_and_id_and_not_on_the_order_of_rows() =>
        Prop.ForAll(Gen.Choose(1, 40).ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), Gen.Choose(0, 5).ToArbitrary(), (rows, count, seed) =>
        {
            string[] lines = [.. Enumerable.Range(0, rows).Select(i => Row($"r{i}", $"t{i % 2}"))];
            var options = new RowSampleOptions { Count = count, Seed = seed, GroupColumn = "topic" };
            var ids = Kept(options, lines);
            return ids.Count == Math.Min(count, (rows + 1) / 2) + Math.Min(count, rows / 2)
                && ids.ToHashSet().SetEquals(Kept(options, [.. lines.Reverse()]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [TestMethod]
    public void Another_seed_chooses_otherwise()
    {
        string[] lines = [.. Enumerable.Range(0, 40).Select(i => Row($"r{i}", "t"))];
        Assert.AreNotSequenceEqual(Kept(new() { Count = 9 }, lines), Kept(new() { Count = 9, Seed = 1 }, lines));
    }

    [TestMethod]
    public void Rows_of_the_same_id_are_told_apart() =>
        Assert.HasCount(2, Kept(new() { Count = 2 }, [Row("r", "t"), Row("r", "t"), Row("r", "t")]));

    [TestMethod]
    public void A_row_without_its_group_is_dropped()
    {
        var ids = Kept(new() { Count = 2, GroupColumn = "topic" }, [Row("a", "t"), Row("b", " "), """{"id":"c","topic":null}"""]);
        Assert.AreSequenceEqual(["'a'"], ids);
        Assert.AreSequenceEqual(["no-group", "no-group"], Rejects.DroppedRows.Select(row => row.Reason));
    }

    [TestMethod]
    public void A_slice_drops_what_the_whole_does()
    {
        var data = Load([.. Enumerable.Range(0, 20).Select(i => Row($"r{i}", "t"))]);
        var transformer = ML.TrainingSets(Rejects).SampleRows(new() { Count = 5 }).Fit(data);
        Assert.AreSequenceEqual(RowText.Of(transformer.Transform(data)),
            [.. RowText.Of(transformer.Transform(data.Slice(0, 8))), .. RowText.Of(transformer.Transform(data.Slice(8, 12)))]);
    }

    [TestMethod]
    public void What_was_learned_is_kept_in_the_plan()
    {
        var fitted = new FittedParameters { Learning = true };
        var data = Load(Row("a", "t"), Row("b", "t"));
        new TrainingSetsCatalog(ML, new StageContext(Rejects, fitted)).SampleRows(new() { Count = 1 }).Fit(data);
        Assert.AreEqual(1, fitted.Values.Single().Value.GetArrayLength());
    }

    [TestMethod]
    public void A_count_below_1_is_refused() => Throws(ErrorCode.Configuration, () => ML.TrainingSets().SampleRows(new() { Count = 0 }));

    private static string Row(string id, string topic) => $$"""{"id":"{{id}}","topic":"{{topic}}"}""";

    private IReadOnlyList<string> Kept(RowSampleOptions options, params string[] lines)
    {
        var data = Load(lines);
        return RowText.Of(ML.TrainingSets(Rejects).SampleRows(options).Fit(data).Transform(data), "id");
    }
}
