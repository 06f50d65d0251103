using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>
/// Which scored steps go: k = floor(ratio x count) lowest of each group, ties to the later step (LIMOPro Algorithm 1; rounding and ties
/// are this project's choice where the paper is silent), or all below a corpus threshold; then the guards veto.
/// </summary>
public static class PruningRule
{
    /// <summary>floor(ratio x count), in decimal arithmetic: 0.29 of 100 is 29.</summary>
    public static int RemovalCount(double ratio, int count) => (int)Math.Floor((decimal)ratio * count);

    /// <summary>The threshold of a whole corpus's importances: at most floor(ratio x count) of them lie strictly below it.</summary>
    /// <param name="importances">All scored importances of a category; sorted in place.</param>
    /// <param name="ratio">The share to remove, 0 to 1.</param>
    /// <returns>Positive infinity when all are to go; negative infinity when there are none.</returns>
    public static double CorpusThreshold(List<double> importances, double ratio)
    {
        ArgumentNullException.ThrowIfNull(importances);
        if (importances.Count == 0) return double.NegativeInfinity;
        importances.Sort();
        var count = RemovalCount(ratio, importances.Count);
        return count == importances.Count ? double.PositiveInfinity : importances[count];
    }

    /// <summary>The group whose steps compete with each other; null for a step that is no candidate.</summary>
    public static int? Group(PruningMethod method, StepCategory category) => method switch
    {
        PruningMethod.Spirit => 0,
        _ => category == StepCategory.Progressive ? null : (int)category,
    };

    /// <summary>Ranks each group and marks its lowest steps; a step without key is not ranked.</summary>
    /// <param name="groups">Each step's group, null for no candidate.</param>
    /// <param name="keys">Each step's importance (or random key), null where it has none.</param>
    /// <param name="ratio">The share to remove, 0 to 1.</param>
    /// <param name="corpusThresholds">By group, for <see cref="PruningScope.Corpus"/>; null per solution.</param>
    public static IReadOnlyList<StepMark> Mark(
        IReadOnlyList<int?> groups, IReadOnlyList<double?> keys, double ratio, IReadOnlyDictionary<int, double>? corpusThresholds = null)
    {
        var marks = new StepMark[groups.Count];
        foreach (var group in Enumerable.Range(0, groups.Count).Where(i => groups[i] is not null && keys[i] is not null).GroupBy(i => groups[i]!.Value))
        {
            var order = group.OrderBy(i => keys[i]!.Value).ThenByDescending(i => i).ToArray();
            var count = corpusThresholds is null
                ? RemovalCount(ratio, order.Length)
                : order.Count(i => keys[i] < corpusThresholds.GetValueOrDefault(group.Key, double.NegativeInfinity));
            var threshold = corpusThresholds is null ? (count > 0 ? keys[order[count - 1]] : null) : Finite(corpusThresholds, group.Key);
            for (var rank = 0; rank < order.Length; rank++) marks[order[rank]] = new StepMark(rank + 1, threshold, rank < count);
        }
        return marks;
    }

    /// <summary>
    /// Which marked error corrections must stay: one goes only together with the step whose mistake it corrects (docs/pruning.md, Guard). A step
    /// that stays can free others from going, so this repeats until nothing changes.
    /// </summary>
    /// <param name="relatesTo">For each step the index of the step it corrects, or null.</param>
    /// <param name="removed">Which steps are to go; vetoed ones are cleared.</param>
    /// <returns>The vetoed steps.</returns>
    public static IReadOnlySet<int> KeepCorrections(IReadOnlyList<int?> relatesTo, bool[] removed)
    {
        var vetoed = new HashSet<int>();
        int before;
        do
        {
            before = vetoed.Count;
            for (var i = 0; i < removed.Length; i++)
                if (removed[i] && relatesTo[i] is { } mistake && !removed[mistake]) removed[i] = !vetoed.Add(i);
        }
        while (vetoed.Count > before);
        return vetoed;
    }

    private static double? Finite(IReadOnlyDictionary<int, double> thresholds, int group) =>
        thresholds.TryGetValue(group, out var threshold) && double.IsFinite(threshold) ? threshold : null;
}

/// <summary>A step's place in its group.</summary>
/// <param name="Rank">1 = lowest; 0 for a step without a place.</param>
/// <param name="Threshold">The group's threshold, or null.</param>
/// <param name="Remove">Whether it is among the lowest.</param>
public readonly record struct StepMark(int Rank, double? Threshold, bool Remove);
