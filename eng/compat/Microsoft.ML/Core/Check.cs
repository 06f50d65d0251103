using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML;

/// <summary>Guard clauses with the exceptions that the package throws.</summary>
internal static class Check
{
    internal static T NotNull<T>(T value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);

    internal static T NotNull<T>(T value, Func<Exception> otherwise)
        where T : class => value ?? throw otherwise();

    internal static string NonEmpty(string value, string name)
        => string.IsNullOrEmpty(value) ? throw new ArgumentNullException(name) : value;

    internal static void Param([DoesNotReturnIf(false)] bool holds, string name)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name);
    }

    internal static void Param([DoesNotReturnIf(false)] bool holds, string name, string message)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, message);
    }

    internal static void State([DoesNotReturnIf(false)] bool holds)
    {
        if (!holds) throw new InvalidOperationException();
    }

    internal static void State([DoesNotReturnIf(false)] bool holds, string message)
    {
        if (!holds) throw new InvalidOperationException(message);
    }
}
