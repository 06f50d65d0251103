namespace Microsoft.ML.Data;

/// <summary>Between a member's value and its column's: the same type, or text and vectors in their .NET forms.</summary>
internal abstract class ValueConverter<TMember, TValue>
{
    internal abstract void ToColumn(TMember from, ref TValue to);

    /// <summary>Reads into the member's present value where its size allows that.</summary>
    internal abstract void FromColumn(in TValue from, ref TMember to);

    internal virtual TMember Fresh(in TValue from)
    {
        TMember to = default;
        FromColumn(from, ref to);
        return to;
    }
}

internal static class ValueConverter
{
    /// <summary>The converter between a .NET type and a column's raw type, or null if neither stands for the other.</summary>
    internal static object Find(Type member, DataViewType column)
    {
        if (member == typeof(string)) return column is TextDataViewType ? new StringConverter() : null;
        if (member.IsArray) return OfArray(member.GetElementType(), (column as VectorDataViewType)?.ItemType.RawType);
        if (member != column.RawType) return null;
        return column switch
        {
            VectorDataViewType vector => Make(typeof(BufferConverter<>), vector.ItemType.RawType),
            KeyDataViewType key => Make(typeof(KeyConverter<>), member, key.Count),
            _ => Make(typeof(IdentityConverter<>), member),
        };
    }

    private static object OfArray(Type element, Type item)
        => element == typeof(string) && item == typeof(ReadOnlyMemory<char>) ? new StringArrayConverter()
        : element == item ? Make(typeof(ArrayConverter<>), element)
        : null;

    private static object Make(Type generic, Type argument, params object[] arguments)
        => Activator.CreateInstance(generic.MakeGenericType(argument), arguments);
}
