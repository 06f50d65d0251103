using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The standard types by their raw .NET type.</summary>
internal static class DataViewTypes
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> ByRaw = new PrimitiveDataViewType[]
    {
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
        NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single,
        NumberDataViewType.Double,
        BooleanDataViewType.Instance, TextDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance,
        TimeSpanDataViewType.Instance, RowIdDataViewType.Instance,
    }.ToDictionary(type => type.RawType);

    /// <summary>The standard type of a raw type or of <see cref="string"/>; null if there is none.</summary>
    internal static PrimitiveDataViewType OfRaw(Type raw)
        => ByRaw.GetValueOrDefault(raw == typeof(string) ? typeof(ReadOnlyMemory<char>) : raw);

    internal static bool IsCacheable(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;
}
