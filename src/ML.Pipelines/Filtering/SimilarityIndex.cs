namespace ML.Pipelines.Filtering;

/// <summary>Texts that can be asked for one that is similar to another: exact, no similar text is missed.</summary>
/// <remarks>Only texts of similar length are compared, first by the code points that they hold. Adding is not safe for concurrent calls,
/// finding is.</remarks>
/// <param name="threshold">The least normalised indel ratio of similar texts, above 0, up to 100.</param>
internal sealed class SimilarityIndex(decimal threshold)
{
    private readonly SortedList<int, List<(int Number, SimilarityText Text)>> _byLength = [];
    private int _count;

    /// <summary>Adds a text.</summary>
    /// <returns>Its number, from 0.</returns>
    public int Add(SimilarityText text)
    {
        if (!_byLength.TryGetValue(text.Length, out var texts)) _byLength[text.Length] = texts = [];
        texts.Add((_count, text));
        return _count++;
    }

    /// <summary>The number of the first added text that is similar; null where there is none.</summary>
    public int? FirstSimilar(SimilarityText text)
    {
        var (least, most) = text.SimilarLengths(threshold);
        int? first = null;
        for (var i = FirstAtLeast(least); i < _byLength.Count && _byLength.Keys[i] <= most; i++)
        {
            foreach (var (number, other) in _byLength.Values[i])
            {
                if (number >= first) break;
                if (text.IsSimilar(other, threshold)) first = number;
            }
        }
        return first;
    }

    private int FirstAtLeast(int length)
    {
        var (low, high) = (0, _byLength.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_byLength.Keys[middle] < length) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
