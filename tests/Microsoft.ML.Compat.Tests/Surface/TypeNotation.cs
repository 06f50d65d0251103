using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.Compat.Tests.Surface;

/// <summary>Types, parameters and constraints in the notation of the API lists.</summary>
internal static class TypeNotation
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(sbyte)] = "sbyte",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
    };

    public static string Of(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsGenericParameter) return type.Name;
        if (type.IsArray) return Of(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Of(underlying) + "?";
        var arguments = type.IsGenericType ? "{" + string.Join(",", type.GetGenericArguments().Select(Of)) + "}" : string.Empty;
        return WithoutArity(DefinitionName(type)) + arguments;
    }

    /// <summary>The full name with arity, nested types after a dot.</summary>
    public static string DefinitionName(Type type)
        => type.IsNested ? $"{DefinitionName(type.DeclaringType!)}.{type.Name}" : $"{type.Namespace}.{type.Name}";

    public static string TypeParameters(Type[] parameters, bool withVariance)
    {
        var names = parameters.Select(p => (withVariance ? Variance(p) : string.Empty) + p.Name);
        return parameters.Length == 0 ? string.Empty : $"<{string.Join(", ", names)}>";
    }

    public static string Constraints(Type[] parameters)
        => string.Concat(parameters.Select(p => (p.Name, Constraints: Constraints(p).ToArray())).Where(p => p.Constraints.Length > 0)
            .Select(p => $" where {p.Name}: {string.Join(", ", p.Constraints)}"));

    public static string Parameters(MethodBase method)
    {
        var parameters = string.Join(", ", method.GetParameters().Select(Parameter));
        return method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute)) ? $"(this {parameters})" : $"({parameters})";
    }

    public static string Parameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var prefix = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params "
            : !type.IsByRef ? string.Empty
            : parameter.IsOut ? "out " : "ref ";
        var suffix = parameter.HasDefaultValue ? $" = {Default(parameter)}" : string.Empty;
        return $"{prefix}{Of(type.IsByRef ? type.GetElementType()! : type)} {parameter.Name}{suffix}";
    }

    private static string WithoutArity(string name) => name.Split('`')[0];

    private static string Variance(Type parameter)
        => (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Covariant => "out ",
            GenericParameterAttributes.Contravariant => "in ",
            _ => string.Empty,
        };

    private static IEnumerable<string> Constraints(Type parameter)
    {
        var flags = parameter.GenericParameterAttributes;
        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) yield return "class";
        foreach (var type in parameter.GetGenericParameterConstraints()) yield return Of(type);
        if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)) yield return "new()";
    }

    private static string Default(ParameterInfo parameter) => parameter.RawDefaultValue switch
    {
        null => parameter.ParameterType.IsGenericParameter ? "default" : "null",
        bool value => value ? "true" : "false",
        string value => $"\"{value}\"",
        var value when parameter.ParameterType.IsEnum => $"{parameter.ParameterType.Name}.{Enum.GetName(parameter.ParameterType, value)}",
        var value => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };
}
