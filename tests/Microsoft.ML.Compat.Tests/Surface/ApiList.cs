using System.Reflection;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Compat.Tests.Surface;

/// <summary>The public surface of the package, from the committed lists, without the lists' remarks.</summary>
internal static partial class ApiList
{
    private static readonly string[] Files = ["DataView", "Core", "Data", "Transforms"];

    public static IReadOnlyList<string> Load()
        => [.. Files.SelectMany(Read).Where(line => line.Length > 1 && line[1] == ':').Select(Plain)];

    /// <summary>The members of interfaces and abstract classes that an implementer outside has to provide.</summary>
    public static IReadOnlyList<string> LoadRequired()
        => [.. Files.SelectMany(Read).Where(line => line.EndsWith("<must implement>", StringComparison.Ordinal)).Select(Plain)];

    public static IEnumerable<string> NotListed(IEnumerable<string> surface, IEnumerable<string> list)
    {
        var known = list.ToHashSet(StringComparer.Ordinal);
        return surface.Where(line => !known.Contains(line));
    }

    private static IEnumerable<string> Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Microsoft.ML.{file}.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries);
    }

    private static string Plain(string line)
    {
        line = Remarks().Replace(line, string.Empty).Replace(" <must implement>", string.Empty, StringComparison.Ordinal);
        line = InternalBases().Replace(line, string.Empty);
        return line.Replace(" : , ", " : ", StringComparison.Ordinal);
    }

    [GeneratedRegex(@" \{NO-EXTERNAL[^}]*\}")]
    private static partial Regex Remarks();

    /// <summary>An internal interface among the bases, with the separator that it leaves behind.</summary>
    [GeneratedRegex(@"(?<=\]) : [^\s]+\(internal\)(?!,)|(?<=\] : )[^\s]+\(internal\), |, [^\s]+\(internal\)")]
    private static partial Regex InternalBases();
}
