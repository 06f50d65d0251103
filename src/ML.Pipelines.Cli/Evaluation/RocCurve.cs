namespace ML.Pipelines.Cli.Evaluation;

/// <summary>How well scores tell two classes apart.</summary>
internal static class RocCurve
{
    /// <summary>
    /// The area under the ROC curve: the share of pairs in which the positive has the higher score; equal scores count half. NaN where a
    /// class is empty.
    /// </summary>
    public static double Area(IReadOnlyCollection<double> positives, IReadOnlyCollection<double> negatives)
    {
        var sorted = negatives.Order().ToArray();
        double wins = 0;
        foreach (var score in positives)
            wins += (Below(sorted, score, orEqual: false) + Below(sorted, score, orEqual: true)) / 2.0;
        return wins / ((double)positives.Count * sorted.Length);
    }

    private static int Below(double[] sorted, double score, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < score || (orEqual && sorted[middle] == score)) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
