using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Tests.Tokenization;

[TestClass]
public sealed class BytePairMergerTests
{
    // Ids 0 to 2 are letters; every merge makes a new id.
    private static readonly (int Left, int Right, int Merged)[] Merges = [(0, 0, 3), (0, 1, 4), (3, 1, 5), (1, 2, 6), (4, 6, 7), (3, 3, 8),
        (2, 2, 9), (9, 0, 10)];

    [TestMethod]
    public void Merging_is_that_of_the_definition() =>
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, 2)).ToArbitrary(), word =>
        {
            var merger = new BytePairMerger();
            foreach (var (left, right, merged) in Merges)
                merger.Add(left, right, merged);
            int[] ids = [.. word];
            CollectionAssert.AreEqual(ByDefinition([.. word]), ids[..merger.Merge(ids)]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(60));

    private static List<int> ByDefinition(List<int> ids)
    {
        while (true)
        {
            var best = Merges.Select((merge, rank) => (merge, rank, at: Find(ids, merge))).Where(candidate => candidate.at >= 0)
                .Select(c => ((int Left, int Right, int Merged)?)c.merge).FirstOrDefault();
            if (best is not { } chosen)
                return ids;
            var at = Find(ids, chosen);
            ids[at] = chosen.Merged;
            ids.RemoveAt(at + 1);
        }
    }

    private static int Find(List<int> ids, (int Left, int Right, int Merged) merge) =>
        Enumerable.Range(0, Math.Max(0, ids.Count - 1)).FirstOrDefault(i => ids[i] == merge.Left && ids[i + 1] == merge.Right, -1);
}
