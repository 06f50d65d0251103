using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The column type that a member's type and attributes stand for.</summary>
internal static class MemberColumnType
{
    internal static DataViewType Of(MemberInfo member)
    {
        var type = TypeOf(member);
        var attribute = member.GetCustomAttribute<DataViewTypeAttribute>();
        attribute?.Register();
        if (DataViewTypeManager.Find(type, attribute) is { } custom) return custom;

        var item = DataViewTypes.OfRaw(ItemTypeOf(type) ?? type);
        Check.Param(item is not null, "rawType",
            $"Could not determine an IDataView type and registered custom types for member {member.Name}");
        return Vectorized(member, type, Keyed(member, item));
    }

    internal static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The item type of an array or <see cref="VBuffer{T}"/>; null of anything else.</summary>
    internal static Type ItemTypeOf(Type type)
        => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? type.GetGenericArguments()[0]
        : null;

    private static PrimitiveDataViewType Keyed(MemberInfo member, PrimitiveDataViewType item)
    {
        if (member.GetCustomAttribute<KeyTypeAttribute>() is not { } key) return item;
        Check.Param(KeyDataViewType.IsValidDataType(item.RawType), "userType",
            $"Member {member.Name} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type");
        return new KeyDataViewType(item.RawType, key.Count
            ?? throw new NotSupportedException("Using KeyType without the Count parameter is not supported"));
    }

    private static DataViewType Vectorized(MemberInfo member, Type type, PrimitiveDataViewType item)
    {
        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        var isVector = ItemTypeOf(type) is not null;
        Check.Param(isVector || vector is null, "userType",
            $"Member {member.Name} marked with {nameof(VectorTypeAttribute)}, but does not appear to be a vector type");
        return !isVector ? item
            : vector?.Dimensions is { Length: > 0 } dimensions ? new VectorDataViewType(item, dimensions)
            : new VectorDataViewType(item);
    }
}
