using System.Text;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>The names of enumeration members in job files: <c>TruncateEarliest</c> is <c>truncate-earliest</c>.</summary>
internal static class ChoiceNames
{
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => Kebab(value.ToString());

    public static IReadOnlyList<string> All<TEnum>() where TEnum : struct, Enum => [.. Enum.GetValues<TEnum>().Select(Of)];

    public static TEnum Parse<TEnum>(string name) where TEnum : struct, Enum => Enum.GetValues<TEnum>().First(value => Of(value) == name);

    private static string Kebab(string name)
    {
        var kebab = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && kebab.Length > 0) kebab.Append('-');
            kebab.Append(char.ToLowerInvariant(letter));
        }
        return kebab.ToString();
    }
}
