using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A member of a class and the column it is read into or written from.</summary>
internal abstract class MemberBinding
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance;

    private protected MemberBinding(MemberInfo member, SchemaDefinition.Column column)
    {
        Member = member;
        Column = new DataViewSchema.DetachedColumn(column.ColumnName, column.ColumnType ?? MemberColumnType.Of(member), column.Annotations);
    }

    internal MemberInfo Member { get; }

    internal DataViewSchema.DetachedColumn Column { get; }

    /// <summary>The bindings of a definition; its column types must fit the members.</summary>
    internal static MemberBinding[] All(Type userType, SchemaDefinition definition)
    {
        var bindings = definition.Select(column => Create(userType, column)).ToArray();
        foreach (var binding in bindings)
            Check.Param(ValueConverter.Find(MemberColumnType.TypeOf(binding.Member), binding.Column.Type) is not null,
                "userSchemaDefinition",
                $"Column '{binding.Column.Name}' is supposed to have item type {RawItem(binding.Column.Type)}, "
                + $"but associated field has type {MemberColumnType.TypeOf(binding.Member)}");
        return bindings;
    }

    /// <summary>The getter of the column's values, out of whatever object is the current row.</summary>
    internal abstract Delegate CreateGetter(Func<object> current, DataViewType columnType);

    /// <summary>What fills the member of an object from the row's column.</summary>
    internal abstract Action<object> CreateFiller(DataViewRow row, DataViewSchema.Column column);

    internal bool Fits(DataViewType columnType) => ValueConverter.Find(MemberColumnType.TypeOf(Member), columnType) is not null;

    private static MemberBinding Create(Type userType, SchemaDefinition.Column column)
    {
        var member = (MemberInfo)userType.GetField(column.MemberName, Members) ?? userType.GetProperty(column.MemberName, Members);
        Check.State(member is not null, $"No field or property with name '{column.MemberName}' found in type '{userType.FullName}'");
        var binding = typeof(MemberBinding<>).MakeGenericType(MemberColumnType.TypeOf(member));
        return (MemberBinding)Activator.CreateInstance(
            binding, BindingFlags.NonPublic | BindingFlags.Instance, binder: null, [member, column], culture: null);
    }

    private static Type RawItem(DataViewType type) => (type as VectorDataViewType)?.ItemType.RawType ?? type.RawType;
}

internal sealed class MemberBinding<TMember> : MemberBinding
{
    internal MemberBinding(MemberInfo member, SchemaDefinition.Column column)
        : base(member, column)
    {
    }

    internal override Delegate CreateGetter(Func<object> current, DataViewType columnType)
        => (Delegate)Typed(nameof(Getter), columnType, current);

    internal override Action<object> CreateFiller(DataViewRow row, DataViewSchema.Column column)
        => (Action<object>)Typed(nameof(Filler), column.Type, row, column);

    private object Typed(string method, DataViewType columnType, params object[] arguments)
        => typeof(MemberBinding<TMember>).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Instance)
            .MakeGenericMethod(columnType.RawType)
            .Invoke(this, BindingFlags.DoNotWrapExceptions, binder: null,
                [ValueConverter.Find(typeof(TMember), columnType), .. arguments], culture: null);

    private ValueGetter<TValue> Getter<TValue>(ValueConverter<TMember, TValue> converter, Func<object> current)
    {
        var read = MemberAccess.Getter<TMember>(Member);
        return (ref TValue value) => converter.ToColumn(read(current()), ref value);
    }

    private Action<object> Filler<TValue>(ValueConverter<TMember, TValue> converter, DataViewRow row, DataViewSchema.Column column)
    {
        var (read, write) = (MemberAccess.Getter<TMember>(Member), MemberAccess.Setter<TMember>(Member));
        var get = row.GetGetter<TValue>(column);
        TValue value = default;
        return target =>
        {
            get(ref value);
            var member = read is null ? default : read(target);
            converter.FromColumn(value, ref member);
            write(target, member);
        };
    }
}
