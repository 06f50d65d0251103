using System.Numerics;

namespace ML.Pipelines.Filtering;

/// <summary>A text prepared for comparisons by the normalised indel ratio: 100 x 2 x LCS / (length + length), 0 to 100, in code
/// points.</summary>
/// <remarks>The ratio of rapidfuzz's <c>fuzz.ratio</c>. Two empty texts have 100. Immutable.</remarks>
internal sealed class SimilarityText
{
    private const int Buckets = 64;
    private const int WordBits = 64;

    private readonly int[] _points;
    private readonly int[] _histogram = new int[Buckets];
    private readonly Lazy<Dictionary<int, ulong[]>> _positions;

    public SimilarityText(string text)
    {
        _points = [.. text.EnumerateRunes().Select(rune => rune.Value)];
        foreach (var point in _points) _histogram[point % Buckets]++;
        _positions = new(Positions);
    }

    /// <summary>Code points.</summary>
    public int Length => _points.Length;

    /// <summary>Whether the ratio is at least a threshold; exact.</summary>
    /// <param name="other">The other text.</param>
    /// <param name="threshold">Above 0, up to 100.</param>
    public bool IsSimilar(SimilarityText other, decimal threshold)
    {
        var (shorter, sum) = (Math.Min(Length, other.Length), Length + other.Length);
        var needed = NeededSubsequence(sum, threshold);
        return needed <= shorter && MayShare(other, sum - 2 * needed) && Subsequence(other) >= needed;
    }

    /// <summary>The lengths that a similar text can have: outside, not even all of the shorter text in common is enough.</summary>
    public (int Least, int Most) SimilarLengths(decimal threshold)
    {
        // Multiplied first: a quotient that is a whole number is then exact, where a rounded share (80 / 120) is past it.
        var rest = 200 - threshold;
        return ((int)Math.Ceiling(Length * threshold / rest), (int)Math.Min(int.MaxValue, Math.Floor(Length * rest / threshold)));
    }

    /// <summary>The length of the longest common subsequence.</summary>
    /// <remarks>Bit-parallel (Hyyrö, 2004): a bit for each code point of this text, 64 a step.</remarks>
    public int Subsequence(SimilarityText other)
    {
        var free = new ulong[(Length + WordBits - 1) / WordBits];
        Array.Fill(free, ulong.MaxValue);
        foreach (var point in other._points)
            if (_positions.Value.TryGetValue(point, out var matches)) Step(free, matches);
        // Bits beyond the text match nothing and stay set.
        return free.Sum(word => BitOperations.PopCount(~word));
    }

    private static int NeededSubsequence(int sum, decimal threshold) => (int)Math.Ceiling(threshold * sum / 200);

    private static void Step(ulong[] free, ulong[] matches)
    {
        ulong carry = 0;
        for (var i = 0; i < free.Length; i++)
        {
            var taken = free[i] & matches[i];
            var sum = unchecked(free[i] + taken);
            var overflow = sum < taken ? 1UL : 0;
            sum = unchecked(sum + carry);
            if (sum < carry) overflow = 1;
            free[i] = sum | (free[i] - taken);
            carry = overflow;
        }
    }

    // A code point that only one text has is an insertion or a deletion: the histograms' difference is a lower bound of their number.
    private bool MayShare(SimilarityText other, int mostEdits)
    {
        var total = Vector<int>.Zero;
        for (var i = 0; i < Buckets; i += Vector<int>.Count)
            total += Vector.Abs(new Vector<int>(_histogram, i) - new Vector<int>(other._histogram, i));
        return Vector.Sum(total) <= mostEdits;
    }

    private Dictionary<int, ulong[]> Positions()
    {
        var positions = new Dictionary<int, ulong[]>();
        for (var i = 0; i < _points.Length; i++)
        {
            if (!positions.TryGetValue(_points[i], out var words))
                positions[_points[i]] = words = new ulong[(_points.Length + WordBits - 1) / WordBits];
            words[i / WordBits] |= 1UL << (i % WordBits);
        }
        return positions;
    }
}
