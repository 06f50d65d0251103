using Microsoft.ML.Data;
using static Microsoft.ML.Behaviour.Tests.Sample;

namespace Microsoft.ML.Behaviour.Tests;

[TestClass]
public sealed class ViewTests
{
    private static DataOperationsCatalog Data => Context.Data;

    [TestMethod]
    public void The_position_is_minus_one_before_the_first_row_and_after_the_last()
    {
        foreach (var view in new[] { Rows, Data.SkipRows(Rows, 1), Data.Cache(Rows), Data.FilterRowsByColumn(Rows, "A", 2), Copied() })
        {
            using var cursor = view.GetRowCursor(view.Schema);
            Assert.AreEqual(-1, cursor.Position);
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(0, cursor.Position);
            while (cursor.MoveNext()) continue;
            Assert.AreEqual(-1, cursor.Position);
            Assert.IsFalse(cursor.MoveNext());
        }
    }

    [TestMethod]
    public void Row_ids_are_those_of_the_source()
    {
        var view = Data.SkipRows(Rows, 1);
        using var cursor = view.GetRowCursor(view.Schema);
        var get = cursor.GetIdGetter();
        DataViewRowId id = default;
        cursor.MoveNext();

        get(ref id);

        Assert.AreEqual(new DataViewRowId(1, 0), id);
        Assert.AreEqual(0, cursor.Batch);
    }

    [TestMethod]
    public void Only_active_columns_have_getters_and_only_of_their_type()
    {
        using var cursor = Rows.GetRowCursor([Rows.Schema["A"]]);

        Assert.IsTrue(cursor.IsColumnActive(Rows.Schema["A"]));
        Assert.IsFalse(cursor.IsColumnActive(Rows.Schema["B"]));
        Throws<ArgumentOutOfRangeException>("requested column not active (Parameter 'column')",
            () => cursor.GetGetter<ReadOnlyMemory<char>>(Rows.Schema["B"]));
        Throws<InvalidOperationException>(
            "Invalid TValue in GetGetter for column #A: Single: 'System.Int32', expected type: 'System.Single'.",
            () => cursor.GetGetter<int>(Rows.Schema["A"]));
    }

    [TestMethod]
    public void Columns_beyond_the_schema_are_refused()
    {
        var fourth = Data.LoadFromEnumerable([new Vectors()]).Schema["Three"];

        Throws<InvalidOperationException>("The requested column: Three: Vector<Int32, 3> is not part of the sourceSchema",
            () => Rows.GetRowCursor([fourth]));
        Assert.ThrowsExactly<ArgumentNullException>(() => Rows.GetRowCursor(null));
    }

    [TestMethod]
    public void A_filter_keeps_from_the_lower_bound_up_to_but_without_the_upper_and_no_NaN()
    {
        double[] values = [1, 2, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        var numbers = Data.LoadFromEnumerable(values.Select(value => new One<double> { Value = value }));

        CollectionAssert.AreEqual(new double[] { 1 }, Data.FilterRowsByColumn(numbers, "Value", 1, 2).GetColumn<double>("Value").ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2, double.NegativeInfinity },
            Data.FilterRowsByColumn(numbers, "Value").GetColumn<double>("Value").ToArray());
        Assert.IsNull(Data.FilterRowsByColumn(Rows, "A").GetRowCount());
    }

    [TestMethod]
    public void A_filter_takes_float_and_double_columns_only()
    {
        Throws<ArgumentOutOfRangeException>("Column 'C' does not have compatible type (Parameter 'Column')",
            () => Data.FilterRowsByColumn(Rows, "C"));
        Throws<ArgumentOutOfRangeException>("Schema mismatch for filter column 'B': expected number, got String",
            () => Data.FilterRowsByColumn(Rows, "B"));
        Throws<ArgumentOutOfRangeException>("Column 'nope' not found", () => Data.FilterRowsByColumn(Rows, "nope"));
        Throws<ArgumentOutOfRangeException>("Must be less than lowerBound", () => Data.FilterRowsByColumn(Rows, "A", 2, 2));
    }

    [TestMethod]
    public void Take_and_skip_count_rows()
    {
        CollectionAssert.AreEqual(new[] { 5, 6 }, Data.TakeRows(Rows, 2).GetColumn<int>("C").ToArray());
        CollectionAssert.AreEqual(new[] { 7 }, Data.SkipRows(Rows, 2).GetColumn<int>("C").ToArray());
        Assert.AreEqual(2, Data.TakeRows(Rows, 2).GetRowCount());
        Assert.AreEqual(1, Data.SkipRows(Rows, 2).GetRowCount());
        Throws<ArgumentOutOfRangeException>("Must be greater than zero.", () => Data.TakeRows(Rows, 0));
        Throws<ArgumentOutOfRangeException>("Must be greater than zero.", () => Data.SkipRows(Rows, 0));
    }

    [TestMethod]
    public void A_custom_predicate_says_which_rows_go()
        => CollectionAssert.AreEqual(new[] { 5, 7 },
            Data.FilterByCustomPredicate<Row>(Rows, row => row.C == 6).GetColumn<int>("C").ToArray());

    [TestMethod]
    public void A_cache_reads_a_column_of_its_source_once()
    {
        var reads = 0;
        IEnumerable<Row> Source()
        {
            reads++;
            yield return new Row { A = 1, B = "x" };
        }

        var cache = Data.Cache(Data.LoadFromEnumerable(Source()));

        Assert.AreEqual(1f, cache.GetColumn<float>("A").Single());
        Assert.AreEqual(1f, cache.GetColumn<float>("A").Single());
        Assert.AreEqual(1, reads);
        Assert.AreEqual("x", cache.GetColumn<string>("B").Single());
        Assert.AreEqual(2, reads);
        Assert.IsTrue(cache.CanShuffle);
    }

    [TestMethod]
    public void Caches_and_shuffles_leave_out_columns_of_own_types()
    {
        var data = Data.LoadFromEnumerable([new Scored()]);
        var named = Context.Transforms.CustomMapping<Scored, One<string>>((_, _) => { }, null).Fit(data).Transform(data);

        Assert.AreEqual("Value:String", Describe(Data.Cache(named).Schema));
        Assert.AreEqual("Value:String", Describe(Data.ShuffleRows(named).Schema));
        Assert.ThrowsExactly<InvalidOperationException>(() => Data.Cache(data));
        Assert.ThrowsExactly<InvalidOperationException>(() => Data.ShuffleRows(data));
    }

    [TestMethod]
    public void A_shuffle_has_the_rows_in_another_order_the_same_each_time()
    {
        var data = Data.LoadFromEnumerable(Enumerable.Range(0, 50).Select(i => new Row { C = i }).ToArray());
        var shuffled = Data.ShuffleRows(data, seed: 3);
        var first = shuffled.GetColumn<int>("C").ToArray();

        CollectionAssert.AreEqual(first, shuffled.GetColumn<int>("C").ToArray());
        CollectionAssert.AreEqual(first, Data.ShuffleRows(data, seed: 3).GetColumn<int>("C").ToArray());
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 50).ToArray(), first);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 50).ToArray(), first);
    }

    [TestMethod]
    public void A_split_puts_each_row_into_one_part()
    {
        var data = Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Row { C = i }).ToArray());
        var split = Data.TrainTestSplit(data, testFraction: 0.3, seed: 4);
        var test = split.TestSet.GetColumn<int>("C").ToArray();

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 200).ToArray(), test.Concat(split.TrainSet.GetColumn<int>("C")).ToArray());
        Assert.IsInRange(30, 90, test.Length);
        CollectionAssert.AreEqual(test, Data.TrainTestSplit(data, testFraction: 0.3, seed: 4).TestSet.GetColumn<int>("C").ToArray());
        Throws<ArgumentOutOfRangeException>("Must be between 0 and 1 exclusive", () => Data.TrainTestSplit(data, 1.5));
    }

    [TestMethod]
    public void A_preview_shows_the_first_rows_and_hidden_columns()
    {
        var preview = Copied().Preview(maxRows: 2);

        Assert.AreEqual("4 columns, 2 rows", preview.ToString());
        Assert.AreEqual("A=1 A=5 B=x C=5", string.Join(' ', preview.RowView[0].Values.Select(v => $"{v.Key}={v.Value}")));
        Assert.AreEqual("B: String", preview.ColumnView[2].ToString());
        Assert.HasCount(2, preview.ColumnView[2].Values);
    }

    /// <summary>A view with a hidden column: A is a copy of C.</summary>
    private static IDataView Copied() => Context.Transforms.CopyColumns("A", "C").Fit(Rows).Transform(Rows);

    [TestMethod]
    public void Each_half_of_a_combined_id_depends_on_all_halves()
    {
        var id = new DataViewRowId(1, 2).Combine(new(3, 4));
        foreach (var other in new[]
                 {
                     new DataViewRowId(9, 2).Combine(new(3, 4)), new DataViewRowId(1, 9).Combine(new(3, 4)),
                     new DataViewRowId(1, 2).Combine(new(9, 4)), new DataViewRowId(1, 2).Combine(new(3, 9)),
                 })
        {
            Assert.AreNotEqual(id.Low, other.Low);
            Assert.AreNotEqual(id.High, other.High);
        }
    }
}
