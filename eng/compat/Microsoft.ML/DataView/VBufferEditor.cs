namespace Microsoft.ML.Data;

public static class VBufferEditor
{
    public static VBufferEditor<T> CreateFromBuffer<T>(ref VBuffer<T> destination)
        => new(destination.Length, destination.GetValues().Length, destination.ValueArray, destination.IndexArray, false, false, false);

    public static VBufferEditor<T> Create<T>(
        ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        Check.Param(newLogicalLength >= 0, nameof(newLogicalLength));
        Check.Param(valuesCount is null or >= 0 && (valuesCount ?? 0) <= newLogicalLength, nameof(valuesCount));
        var count = valuesCount ?? newLogicalLength;
        var (values, indices) = (destination.ValueArray, destination.IndexArray);
        var newValues = Grow(ref values, count, maxValuesCapacity, keepOldOnResize);
        var newIndices = (count < newLogicalLength || requireIndicesOnDense)
            && Grow(ref indices, count, maxValuesCapacity, keepOldOnResize);
        return new(newLogicalLength, count, values, indices, requireIndicesOnDense, newValues, newIndices);
    }

    private static bool Grow<TItem>(ref TItem[] array, int count, int? capacity, bool keepOld)
    {
        if ((array?.Length ?? 0) >= count) return false;
        var size = Math.Max(count, Math.Min(capacity ?? count, 2 * count));
        if (keepOld) Array.Resize(ref array, size);
        else array = new TItem[size];
        return true;
    }
}

/// <summary>Fills a <see cref="VBuffer{T}"/>, in the arrays of the buffer it came from where they are large enough.</summary>
public ref struct VBufferEditor<T>
{
    public readonly Span<int> Indices;
    public readonly Span<T> Values;
    private readonly int _length;
    private readonly T[] _values;
    private readonly int[] _indices;

    internal VBufferEditor(
        int logicalLength,
        int physicalValuesCount,
        T[] values,
        int[] indices,
        bool requireIndicesOnDense,
        bool createdNewValues,
        bool createdNewIndices)
    {
        (_length, _values, _indices) = (logicalLength, values, indices);
        (CreatedNewValues, CreatedNewIndices) = (createdNewValues, createdNewIndices);
        Values = values.AsSpan(0, physicalValuesCount);
        Indices = logicalLength == physicalValuesCount && !requireIndicesOnDense ? default : indices.AsSpan(0, physicalValuesCount);
    }

    public bool CreatedNewIndices { get; }

    public bool CreatedNewValues { get; }

    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices);

    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        Check.Param(physicalValuesCount >= 0 && physicalValuesCount <= Values.Length, nameof(physicalValuesCount));
        return new(_length, physicalValuesCount, _values, _indices);
    }
}
