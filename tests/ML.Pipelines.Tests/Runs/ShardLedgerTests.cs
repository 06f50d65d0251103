using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Runs;
using ML.Pipelines.Stages;
using ML.Pipelines.Tests.Data;

namespace ML.Pipelines.Tests.Runs;

[TestClass]
public sealed class ShardLedgerTests : FileTest
{
    private readonly ShardLedger _ledger = new();

    private IRejectSink Sink => _ledger;

    [TestMethod]
    public void Rows_that_are_reported_again_count_once()
    {
        var left = new List<ulong>();
        _ledger.Begin();
        _ledger.Settled = left.Add;
        for (var pass = 0; pass < 3; pass++)
        {
            Sink.Dropped(Row(3), "cut-off");
            Sink.Dropped(Row(4), "cut-off");
            Sink.Quarantined(Row(5), Error);
        }
        Assert.AreSequenceEqual([new KeyValuePair<string, long>("cut-off", 2)], _ledger.Dropped);
        Assert.HasCount(1, _ledger.Quarantined);
        Assert.AreSequenceEqual([3UL, 4UL, 5UL], left);
    }

    [TestMethod]
    public void Reports_before_the_first_shard_are_forgotten()
    {
        Sink.Dropped(Row(1), "cut-off");
        Sink.Quarantined(Row(2), Error);
        _ledger.Begin();
        Assert.IsEmpty(_ledger.Dropped);
        Assert.IsEmpty(_ledger.Quarantined);
    }

    [TestMethod]
    public void Each_shard_starts_empty()
    {
        _ledger.Begin();
        Sink.Dropped(Row(1), "cut-off");
        Sink.Quarantined(Row(2), Error);
        _ledger.Begin();
        Assert.IsEmpty(_ledger.Dropped);
        Assert.IsEmpty(_ledger.Quarantined);
    }

    [TestMethod]
    public void Quarantined_rows_are_in_the_order_of_the_source()
    {
        _ledger.Begin();
        foreach (var row in (ulong[])[9, 2, 5]) Sink.Quarantined(Row(row), Error);
        Assert.AreSequenceEqual(["r2", "r5", "r9"], _ledger.Quarantined.Select(row => row.Row.RowId));
    }

    [TestMethod]
    public void Reports_from_several_threads_are_all_counted()
    {
        _ledger.Begin();
        Parallel.For(0, 2000, i => Sink.Dropped(Row((ulong)(i % 500)), $"reason-{i % 5}"));
        Assert.AreEqual(500, _ledger.Dropped.Values.Sum());
    }

    [TestMethod]
    public void A_row_is_kept_if_a_part_of_it_stays_and_the_parts_that_left_are_told_apart()
    {
        _ledger.Begin();
        Sink.Dropped(Part(3, 0), "cut-off");
        Sink.Quarantined(Part(3, 2), Error);
        _ledger.Stayed(Part(3, 1).Source);
        Assert.AreEqual(1, _ledger.Kept);
        Assert.IsEmpty(_ledger.Dropped);
        Assert.IsEmpty(_ledger.Quarantined);
        Assert.AreSequenceEqual([new("cut-off", 1), new KeyValuePair<string, long>(ErrorCode.TokenOutOfRange, 1)], _ledger.PartsLost);
    }

    [TestMethod]
    public void A_row_without_a_part_that_stays_is_quarantined_with_the_first_error_of_its_parts()
    {
        _ledger.Begin();
        Sink.Quarantined(Part(3, 2) with { RowId = "late" }, Error);
        Sink.Quarantined(Part(3, 1) with { RowId = "early" }, Error);
        Sink.Dropped(Part(3, 0), "cut-off");
        Assert.AreEqual("early", Assert.ContainsSingle(_ledger.Quarantined).Row.RowId);
        Assert.IsEmpty(_ledger.Dropped);
        Assert.IsEmpty(_ledger.PartsLost);
    }

    [TestMethod]
    public void A_row_whose_parts_are_all_dropped_counts_once_with_the_reason_of_the_first()
    {
        var left = new List<ulong>();
        _ledger.Settled = left.Add;
        _ledger.Begin();
        Sink.Dropped(Part(3, 1), "too-long");
        Sink.Dropped(Part(3, 0), "cut-off");
        Assert.AreSequenceEqual([new KeyValuePair<string, long>("cut-off", 1)], _ledger.Dropped);
        Assert.AreSequenceEqual([3UL], left);
    }

    [TestMethod]
    public void Raw_rows_are_read_from_the_source_where_the_stage_had_none()
    {
        var source = Load("""{"id":"a","n":1}""", """{"id":"b","n":null}""", """{"id":"c","n":3}""", """{"id":"d","n":4}""");
        _ledger.Begin();
        Sink.Quarantined(Row(1), Error);
        Sink.Quarantined(Row(2) with { Raw = "known" }, Error);
        Sink.Quarantined(Row(3), Error);
        _ledger.AddRawRows(source.Slice(1, 3));
        Assert.AreSequenceEqual(["""{"id":"b","n":null}""", "known", """{"id":"d","n":4}"""], _ledger.Quarantined.Select(row => row.Row.Raw));
    }

    [TestMethod]
    public void A_row_that_the_source_cannot_read_again_has_no_raw_row()
    {
        var source = LoadWith(new() { Rejects = Sink, MaxRowBytes = 20 }, """{"id":"a"}""", """{"id":"a row that is too long to be read"}""");
        _ledger.Begin();
        using (var cursor = source.GetRowCursor(source.Schema))
            while (cursor.MoveNext()) { }
        _ledger.AddRawRows(source);
        Assert.IsNull(_ledger.Quarantined.Single().Row.Raw);
    }

    private static RowError Error => new(ErrorCode.TokenOutOfRange, "no");

    private static RejectedRow Part(ulong source, int part) => new("prune", $"r{source}", RowParts.IdOf(new DataViewRowId(source, 0), part));

    private static RejectedRow Row(ulong source) => new("prune", $"r{source}", new DataViewRowId(source, 0));
}
