using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Stages;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Stages;

/// <summary>Which rows come out of a stage, and where the others go.</summary>
[TestClass]
public sealed class StageRowsTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly RecordingRejectSink _rejects = new();

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 5)]
    [DataRow(3, 1)]
    [DataRow(7, 3)]
    [DataRow(100, 2)]
    public void Kept_rows_come_in_input_order_with_their_own_columns(int batchSize, int inFlight)
    {
        var view = Fake.Binding(FakeStage.OneToOne, batchSize, inFlight).Transform(Fake.Rows(_ml, 50));
        CollectionAssert.AreEqual(Enumerable.Range(0, 50).Select(n => Sample.Line(n, $"<{n}>")).ToArray(), RowText.Of(view).ToArray());
    }

    [TestMethod]
    public void Batches_that_end_in_any_order_give_the_rows_in_order()
    {
        var passes =
            from rows in Gen.Choose(0, 60)
            from size in Gen.Choose(1, 8)
            from inFlight in Gen.Choose(1, 6)
            from seed in Gen.Choose(0, int.MaxValue)
            select (rows, size, inFlight, seed);
        Prop.ForAll(passes.ToArbitrary(), pass =>
        {
            var stage = ShuffledStage.Create(pass.rows, pass.size, pass.inFlight, pass.seed);
            var view = Fake.Binding(stage, pass.size, pass.inFlight).Transform(Fake.Rows(_ml, pass.rows));
            CollectionAssert.AreEqual(Enumerable.Range(0, pass.rows).Select(n => Sample.Line(n, $"<{n}>")).ToArray(), RowText.Of(view).ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [TestMethod]
    public void No_rows_give_no_rows_and_no_batch()
    {
        var stage = FakeStage.OneToOne;
        Assert.HasCount(0, RowText.Of(Fake.Binding(stage).Transform(Fake.Rows(_ml, 0))));
        Assert.AreEqual(0, stage.Batches);
    }

    [TestMethod]
    public void A_dropped_row_is_reported_with_stage_id_source_and_reason()
    {
        var stage = FakeStage.Each(n => n == 2 ? StageOutcome<string>.Dropped("too-short") : StageOutcome<string>.Kept($"{n}"));
        CollectionAssert.AreEqual(new[] { "'0'", "'1'", "'3'" }, RowText.Of(Fake.Binding(stage).Transform(Fake.Rows(_ml, 4), _rejects), "Out").ToArray());
        var (row, reason) = _rejects.DroppedRows.Single();
        Assert.AreEqual(("fake", "row 2", new DataViewRowId(2, 0), "too-short"), (row.Stage, row.RowId, row.Source, reason));
        Assert.HasCount(0, _rejects.QuarantinedRows);
    }

    [TestMethod]
    public void A_quarantined_row_is_reported_with_its_error()
    {
        var error = new RowError(ErrorCode.ContextOverflow, "too long", Attempts: 3);
        var stage = FakeStage.Each(n => n == 0 ? StageOutcome<string>.Quarantined(error) : StageOutcome<string>.Kept($"{n}"));
        CollectionAssert.AreEqual(new[] { "'1'" }, RowText.Of(Fake.Binding(stage).Transform(Fake.Rows(_ml, 2), _rejects), "Out").ToArray());
        var entry = _rejects.QuarantinedRows.Single();
        Assert.AreEqual(("row 0", error), (entry.Row.RowId, entry.Error));
        Assert.HasCount(0, _rejects.DroppedRows);
    }

    [TestMethod]
    public void A_row_may_become_several_rows_or_none()
    {
        var stage = FakeStage.Each(n => StageOutcome<string>.Kept([.. Enumerable.Range(0, n % 3).Select(part => $"{n}.{part}")]));
        var rows = RowText.Of(Fake.Binding(stage, batchSize: 2).Transform(Fake.Rows(_ml, 6), _rejects));
        (int Number, string Out)[] expected = [(1, "1.0"), (2, "2.0"), (2, "2.1"), (4, "4.0"), (5, "5.0"), (5, "5.1")];
        CollectionAssert.AreEqual(expected.Select(row => Sample.Line(row.Number, row.Out)).ToArray(), rows.ToArray());
    }

    [TestMethod]
    public void A_row_that_becomes_none_is_reported_as_dropped()
    {
        var stage = FakeStage.Each(n => StageOutcome<string>.Kept(n == 1 ? [] : ["a"]));
        Assert.HasCount(2, RowText.Of(Fake.Binding(stage).Transform(Fake.Rows(_ml, 3), _rejects)));
        var (row, reason) = _rejects.DroppedRows.Single();
        Assert.AreEqual(("row 1", "no-rows"), (row.RowId, reason));
    }

    [TestMethod]
    public void A_row_that_stays_one_has_its_sources_id_and_those_of_several_have_ids_of_their_own_with_its_number()
    {
        var view = Fake.Binding(FakeStage.Each(n => StageOutcome<string>.Kept(n == 4 ? ["a"] : ["a", "b", "c"])), batchSize: 2).Transform(Fake.Rows(_ml, 5));
        using var cursor = Fake.Open(view, "Out");
        var (getId, ids) = (cursor.GetIdGetter(), new List<DataViewRowId>());
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getId(ref id);
            ids.Add(id);
        }
        CollectionAssert.AllItemsAreUnique(ids);
        CollectionAssert.AreEqual(new ulong[] { 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4 }, ids.ConvertAll(row => row.Low));
        Assert.AreEqual(new DataViewRowId(4, 0), ids[^1]);
    }

    [TestMethod]
    public void Every_row_is_kept_dropped_or_quarantined_exactly_once_a_pass()
    {
        var passes =
            from outcomes in Gen.Choose(-2, 3).ArrayOf()
            from size in Gen.Choose(1, 9)
            from inFlight in Gen.Choose(1, 4)
            select (outcomes, size, inFlight);
        Prop.ForAll(passes.ToArbitrary(), pass =>
        {
            var stage = FakeStage.Each(n => Outcome(pass.outcomes[n]));
            var view = Fake.Binding(stage, pass.size, pass.inFlight).Transform(Fake.Rows(_ml, pass.outcomes.Length), _rejects);
            AssertConserved(pass.outcomes, view);
            AssertConserved(pass.outcomes, view);
        }).QuickCheckThrowOnFailure();
    }

    [TestMethod]
    public void Positions_count_the_rows_that_come_out()
    {
        var stage = FakeStage.Each(n => n % 2 == 0 ? StageOutcome<string>.Dropped("even") : StageOutcome<string>.Kept(["a", "b"]));
        using var cursor = Fake.Open(Fake.Binding(stage, batchSize: 3).Transform(Fake.Rows(_ml, 6)), "Out");
        var positions = new List<long> { cursor.Position };
        while (cursor.MoveNext()) positions.Add(cursor.Position);
        Assert.IsFalse(cursor.MoveNext());
        CollectionAssert.AreEqual(new long[] { -1, 0, 1, 2, 3, 4, 5, -1 }, positions.Append(cursor.Position).ToArray());
    }

    [TestMethod]
    public void A_row_that_was_not_reached_is_not_reported()
    {
        var stage = FakeStage.Each(n => n > 0 ? StageOutcome<string>.Dropped("later") : StageOutcome<string>.Kept("first"));
        using var cursor = Fake.Open(Fake.Binding(stage, batchSize: 1, inFlight: 4).Transform(Fake.Rows(_ml, 10), _rejects), "Out");
        Assert.IsTrue(cursor.MoveNext());
        Assert.HasCount(0, _rejects.DroppedRows);
    }

    private void AssertConserved(int[] outcomes, IDataView view)
    {
        _rejects.Clear();
        var kept = RowText.Of(view, "Number").Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        CollectionAssert.AreEqual(outcomes.Index().SelectMany(o => Enumerable.Repeat(o.Index, Math.Max(0, o.Item))).ToArray(), kept);
        CollectionAssert.AreEqual(At(outcomes, -1, 0), _rejects.DroppedRows.Select(entry => entry.Row.RowId).ToArray());
        CollectionAssert.AreEqual(At(outcomes, -2), _rejects.QuarantinedRows.Select(entry => entry.Row.RowId).ToArray());
        Assert.AreEqual(outcomes.Length, outcomes.Count(outcome => outcome > 0) + _rejects.DroppedRows.Count + _rejects.QuarantinedRows.Count);
    }

    private static string[] At(int[] outcomes, params int[] kinds) => [.. outcomes.Index().Where(o => kinds.Contains(o.Item)).Select(o => $"row {o.Index}")];

    // -1 dropped, -2 quarantined, else kept as so many rows, of which 0 are dropped, too.
    private static StageOutcome<string> Outcome(int kind) => kind switch
    {
        -1 => StageOutcome<string>.Dropped("reason"),
        -2 => StageOutcome<string>.Quarantined(new RowError(ErrorCode.NotFinite, "x")),
        1 => StageOutcome<string>.Kept("one"),
        _ => StageOutcome<string>.Kept([.. Enumerable.Repeat("part", kind)]),
    };
}
