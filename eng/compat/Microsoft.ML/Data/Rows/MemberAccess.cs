using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Typed access to a field or property, compiled once a member.</summary>
internal static class MemberAccess
{
    private static readonly ConcurrentDictionary<MemberInfo, Delegate> Getters = new();
    private static readonly ConcurrentDictionary<MemberInfo, Delegate> Setters = new();

    /// <summary>The getter; null for a property that cannot be read.</summary>
    internal static Func<object, T> Getter<T>(MemberInfo member)
        => member is PropertyInfo { CanRead: false } ? null : (Func<object, T>)Getters.GetOrAdd(member, CompileGetter<T>);

    internal static Action<object, T> Setter<T>(MemberInfo member)
        => member is FieldInfo { IsInitOnly: true } field
            ? (row, value) => field.SetValue(row, value)
            : (Action<object, T>)Setters.GetOrAdd(member, CompileSetter<T>);

    private static Func<object, T> CompileGetter<T>(MemberInfo member)
    {
        var row = Expression.Parameter(typeof(object));
        return Expression.Lambda<Func<object, T>>(Access(row, member), row).Compile();
    }

    private static Action<object, T> CompileSetter<T>(MemberInfo member)
    {
        var row = Expression.Parameter(typeof(object));
        var value = Expression.Parameter(typeof(T));
        return Expression.Lambda<Action<object, T>>(Expression.Assign(Access(row, member), value), row, value).Compile();
    }

    private static MemberExpression Access(Expression row, MemberInfo member)
        => Expression.MakeMemberAccess(Expression.Convert(row, member.DeclaringType), member);
}
