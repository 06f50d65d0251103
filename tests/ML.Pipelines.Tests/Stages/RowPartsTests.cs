using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Tests.Stages;

[TestClass]
public sealed class RowPartsTests
{
    // Small and large numbers, about where a number gets longer, and as deep as fits and deeper.
    private static Gen<int[]> Paths => Gen.OneOf(Gen.Choose(0, 4), Gen.Choose(250, 260), Gen.Choose(0, 1 << 22)).ArrayOf()
        .Select(path => path.Take(10).ToArray());

    [TestMethod]
    public void Parts_keep_the_number_of_their_row() =>
        Prop.ForAll(Paths.ToArbitrary(), path => Id(5, path).Low == 5).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Different_paths_have_different_ids() => Prop.ForAll(Paths.ToArbitrary(), Paths.ToArbitrary(), (a, b) =>
        a.SequenceEqual(b) == Id(5, a).Equals(Id(5, b))).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [TestMethod]
    public void Parts_that_fit_sort_as_they_come_out() => Prop.ForAll(Short.ToArbitrary(), Short.ToArbitrary(), (a, b) =>
        Math.Sign(Compare(a, b)) == Id(5, a).High.CompareTo(Id(5, b).High)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [TestMethod]
    public void A_part_of_a_first_part_is_not_taken_for_a_part_of_the_row()
    {
        Assert.AreNotEqual(Id(5, 2), Id(5, 0, 2));
        Assert.AreNotEqual(Id(5, 3, 2), Id(5, 3, 0, 2));
    }

    [TestMethod]
    public void Paths_too_deep_to_keep_are_told_apart_by_each_of_their_numbers()
    {
        var deep = Enumerable.Repeat(254, 4).ToArray();
        Assert.HasCount(100, Enumerable.Range(0, 100).Select(last => Id(5, [.. deep, last])).ToHashSet());
        Assert.HasCount(100, Enumerable.Range(0, 100).Select(third => Id(5, [254, 254, third, .. deep])).ToHashSet());
    }

    [TestMethod]
    public void Rows_and_parts_have_texts_of_their_own()
    {
        Assert.AreEqual("17", RowParts.TextOf(new DataViewRowId(17, 0)));
        Assert.AreEqual("17.01", RowParts.TextOf(Id(17, 0)));
        Assert.AreEqual("17.030a", RowParts.TextOf(Id(17, 2, 9)));
        Assert.AreNotEqual(RowParts.TextOf(Id(17, 15)), RowParts.TextOf(Id(17, 0)));
    }

    // Two long numbers fit, or eight short ones.
    private static Gen<int[]> Short => Gen.OneOf(
        Gen.Choose(0, 300).ArrayOf(2), Gen.Choose(0, 253).ArrayOf().Select(path => path.Take(8).ToArray()),
        Gen.Choose(0, 1 << 22).ArrayOf(2));

    private static DataViewRowId Id(ulong row, params int[] path) => path.Aggregate(new DataViewRowId(row, 0), RowParts.IdOf);

    // A row comes before its parts.
    private static int Compare(int[] a, int[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
            if (a[i] != b[i]) return a[i].CompareTo(b[i]);
        return a.Length.CompareTo(b.Length);
    }
}
