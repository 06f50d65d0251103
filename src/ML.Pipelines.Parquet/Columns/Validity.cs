using Apache.Arrow;

namespace ML.Pipelines.Parquet.Columns;

/// <summary>A bitmap that grows: bit i is set where value i is there. Also reads such bitmaps.</summary>
internal sealed class Validity
{
    private byte[] _bits = [];

    public int Length { get; private set; }

    public int NullCount { get; private set; }

    /// <summary>Whether value <paramref name="index"/> is there; an absent bitmap means that all are.</summary>
    public static bool IsValid(ArrowBuffer bits, int index) => bits.IsEmpty || BitUtility.GetBit(bits.Span, index);

    public void Append(bool valid)
    {
        if (Length >> 3 == _bits.Length) System.Array.Resize(ref _bits, Math.Max(_bits.Length * 2, 64));
        if (valid) _bits[Length >> 3] |= (byte)(1 << (Length & 7));
        else NullCount++;
        Length++;
    }

    /// <summary>The bitmap, absent where nothing is null.</summary>
    public ArrowBuffer Build() => NullCount == 0 ? ArrowBuffer.Empty : Bits();

    /// <summary>The bitmap in any case.</summary>
    public ArrowBuffer Bits() => new(_bits.AsMemory(0, (Length + 7) >> 3));
}
