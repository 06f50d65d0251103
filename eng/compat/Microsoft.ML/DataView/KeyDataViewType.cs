namespace Microsoft.ML.Data;

public sealed class KeyDataViewType : PrimitiveDataViewType
{
    private static readonly Dictionary<Type, (string Limit, ulong Max)> Limits = new()
    {
        [typeof(byte)] = ("Byte.MaxValue", byte.MaxValue),
        [typeof(ushort)] = ("UInt16.MaxValue", ushort.MaxValue),
        [typeof(uint)] = ("UInt32.MaxValue", uint.MaxValue),
        [typeof(ulong)] = ("UInt64.MaxValue", ulong.MaxValue),
    };

    public KeyDataViewType(Type type, ulong count)
        : base(type)
    {
        Check.Param(IsValidDataType(type), nameof(type), "Type is not valid, it must be Byte, UInt16, UInt32, or UInt64.");
        var (limit, max) = Limits[type];
        Check.Param(count > 0 && count <= max, nameof(count),
            $"The cardinality of a {nameof(KeyDataViewType)} must not exceed {limit} and must be strictly positive, but got {count}.");
        Count = count;
    }

    public KeyDataViewType(Type type, int count)
        : this(type, unchecked((ulong)count))
    {
    }

    public ulong Count { get; }

    public static bool IsValidDataType(Type type) => Limits.ContainsKey(type);

    public override bool Equals(DataViewType other) => other is KeyDataViewType key && key.RawType == RawType && key.Count == Count;

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";
}
