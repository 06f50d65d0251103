using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Compat.Tests.Surface;

/// <summary>Every public and protected type and member of an assembly, a line each, in the notation of the API lists.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) => Types(assembly).SelectMany(type => Members(type).Prepend(TypeLine(type)));

    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetTypes().Where(type => type.IsVisible);

    public static IEnumerable<string> Members(Type type)
    {
        if (IsDelegate(type)) return [];
        if (type.IsEnum) return Enum.GetNames(type).Select(name => EnumLine(type, name));
        var constructors = type.GetConstructors(Declared).Where(c => IsVisible(c) && !c.IsStatic).Select(c => MethodLine(type, c, "#ctor"));
        var methods = type.GetMethods(Declared).Where(m => IsVisible(m) && !m.IsSpecialName).Select(m => MethodLine(type, m, m.Name));
        var properties = type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(IsVisible)).Select(p => PropertyLine(type, p));
        var fields = type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Select(f => FieldLine(type, f));
        var events = type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod!)).Select(e => EventLine(type, e));
        return constructors.Concat(methods).Concat(properties).Concat(fields).Concat(events);
    }

    private static string TypeLine(Type type)
    {
        var parameters = type.IsNested ? [] : type.GetGenericArguments();
        var name = TypeNotation.DefinitionName(type) + TypeNotation.TypeParameters(parameters, withVariance: true);
        var head = $"T:{name} [public {Kind(type)}]";
        if (IsDelegate(type)) return $"{head} {Signature(type.GetMethod("Invoke")!)}";
        var flags = type.IsDefined(typeof(FlagsAttribute)) ? " [Flags]" : string.Empty;
        if (type.IsEnum) return $"{head} : {TypeNotation.Of(Enum.GetUnderlyingType(type))}{flags}";
        var bases = Bases(type).ToArray();
        var inherits = bases.Length > 0 ? " : " + string.Join(", ", bases) : string.Empty;
        return $"{head}{inherits}{TypeNotation.Constraints(parameters)}{Usage(type)}";
    }

    private static string Kind(Type type)
    {
        if (IsDelegate(type)) return "delegate";
        if (type.IsInterface) return "interface";
        if (type.IsEnum) return "enum";
        if (type.IsByRefLike) return "ref struct";
        if (type.IsValueType) return type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct";
        if (type.IsAbstract) return type.IsSealed ? "static class" : "abstract class";
        return type.IsSealed ? "sealed class" : "class";
    }

    /// <summary>The base class and the interfaces that nothing else on the line implies; internal ones are nobody's concern.</summary>
    private static IEnumerable<string> Bases(Type type)
    {
        var isPlain = type.BaseType is null || type.BaseType == typeof(object) || type.BaseType == typeof(ValueType);
        var all = type.GetInterfaces();
        var implied = all.SelectMany(i => i.GetInterfaces()).Concat(isPlain ? [] : type.BaseType!.GetInterfaces());
        var direct = all.Except(implied).Where(i => i.IsVisible).Select(TypeNotation.Of).Order(StringComparer.Ordinal);
        return isPlain ? direct : direct.Prepend(TypeNotation.Of(type.BaseType!));
    }

    private static string Usage(Type type)
        => type.GetCustomAttribute<AttributeUsageAttribute>(inherit: false) is { } usage
            ? $" [AttributeUsage({(int)usage.ValidOn},AllowMultiple={usage.AllowMultiple},Inherited={usage.Inherited})]"
            : string.Empty;

    private static string MethodLine(Type type, MethodBase method, string name)
    {
        var generic = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var signature = method is MethodInfo info ? Signature(info) : TypeNotation.Parameters(method);
        return $"M:{TypeNotation.DefinitionName(type)}.{name}{TypeNotation.TypeParameters(generic, withVariance: false)}{signature}"
            + $"{TypeNotation.Constraints(generic)} [{Modifiers(method)}]";
    }

    private static string PropertyLine(Type type, PropertyInfo property)
    {
        var accessors = property.GetAccessors(true).Where(IsVisible).OrderBy(a => a == property.SetMethod).ToArray();
        var indexes = string.Join(", ", property.GetIndexParameters().Select(TypeNotation.Parameter));
        var name = $"{TypeNotation.DefinitionName(type)}.{property.Name}{(indexes.Length > 0 ? $"[{indexes}]" : string.Empty)}";
        var bodies = string.Concat(accessors.Select(a => a == property.GetMethod ? "get; " : "set; "));
        return $"P:{name} : {TypeNotation.Of(property.PropertyType)} {{ {bodies}}} [{Modifiers(accessors[0])}]";
    }

    private static string EnumLine(Type type, string name)
        => $"F:{TypeNotation.DefinitionName(type)}.{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}";

    private static string FieldLine(Type type, FieldInfo field)
        => $"F:{TypeNotation.DefinitionName(type)}.{field.Name} : {TypeNotation.Of(field.FieldType)} "
            + $"[{(field.IsPublic ? "public" : "protected")}{(field.IsStatic ? " static" : string.Empty)}{(field.IsInitOnly ? " readonly" : string.Empty)}]";

    private static string EventLine(Type type, EventInfo @event)
        => $"E:{TypeNotation.DefinitionName(type)}.{@event.Name} : {TypeNotation.Of(@event.EventHandlerType!)} "
            + $"[{Modifiers(@event.AddMethod!)}]";

    private static string Signature(MethodInfo method) => $"{TypeNotation.Parameters(method)} -> {TypeNotation.Of(method.ReturnType)}";

    private static string Modifiers(MethodBase method)
    {
        var access = method.IsPublic ? "public" : "protected";
        if (method.IsStatic) return $"{access} static";
        if (method.DeclaringType!.IsInterface || method is not MethodInfo { IsVirtual: true, IsFinal: false } info) return access;
        if (info.GetBaseDefinition() != info) return $"{access} override";
        return info.IsAbstract ? $"{access} abstract" : $"{access} virtual";
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsDelegate(Type type) => typeof(MulticastDelegate).IsAssignableFrom(type.BaseType);
}
