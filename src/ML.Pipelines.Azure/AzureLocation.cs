using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace ML.Pipelines.Azure;

/// <summary>An address of a run in Azure Blob Storage: <c>azure://account/container/prefix</c>. Plain text, nothing is escaped.</summary>
/// <param name="Account">3 to 24 lower-case letters and digits.</param>
/// <param name="Container">3 to 63 lower-case letters, digits and single hyphens.</param>
/// <param name="Prefix">Parts with <c>/</c> between them; empty for the container itself.</param>
internal sealed partial record AzureLocation(string Account, string Container, string Prefix)
{
    public const string Scheme = "azure://";

    // A key, a connection string or a SAS that was pasted has one of these before anything secret.
    private static readonly SearchValues<char> BeforeSecrets = SearchValues.Create("?#@;=:&+");

    /// <summary>The most characters of a prefix: names below it have room in the 1,024 of the service.</summary>
    public const int LongestPrefix = 800;

    /// <summary>Reads an address; slashes at its end do not count.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: it is none. What may be a secret is not told.</exception>
    public static AzureLocation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith(Scheme, StringComparison.Ordinal)) throw Wrong(text, "it does not start with azure://");
        if (text.Contains('?', StringComparison.Ordinal)) throw Wrong(text, "it has a query; a SAS is given in AZURE_STORAGE_SAS_TOKEN");
        var parts = text[Scheme.Length..].TrimEnd('/').Split('/', 3);
        if (parts.Length < 2) throw Wrong(text, "it names no container");
        if (!AccountName().IsMatch(parts[0])) throw Wrong(text, "an account's name has 3 to 24 lower-case letters and digits");
        if (!ContainerName().IsMatch(parts[1]))
            throw Wrong(text, "a container's name has 3 to 63 lower-case letters, digits and single hyphens");
        var prefix = parts.Length < 3 ? "" : parts[2];
        if (prefix.Length > LongestPrefix) throw Wrong(text, $"its prefix has more than {LongestPrefix} characters");
        if (prefix.Length > 0 && !prefix.Split('/').All(IsPart))
            throw Wrong(text, "a part of its prefix is empty, ends with a dot, or has a backslash or a control character");
        return new(parts[0], parts[1], prefix);
    }

    /// <summary>The name of a blob.</summary>
    public string BlobName(string name) => Prefix.Length == 0 ? name : $"{Prefix}/{name}";

    public override string ToString() => $"{Scheme}{Account}/{Container}{(Prefix.Length == 0 ? "" : "/")}{Prefix}";

    // The service takes other names too, but changes them or cannot list them.
    private static bool IsPart(string part) =>
        part.Length > 0 && part[^1] != '.' && part.EnumerateRunes().All(rune => rune != Rune.ReplacementChar && IsTaken(rune.Value));

    private static bool IsTaken(int character) => character is >= ' ' and not ('\\' or (>= 0x7F and <= 0x9F) or 0xFFFE or 0xFFFF);

    private static PipelineException Wrong(string text, string why) => new(ErrorCode.Configuration,
        $"'{Shown(text)}' is no address of a run in Azure Blob Storage: {why}. Write azure://account/container/prefix.");

    private static string Shown(string text)
    {
        var start = text.StartsWith(Scheme, StringComparison.Ordinal) ? Scheme.Length : 0;
        var end = text.AsSpan(start).IndexOfAny(BeforeSecrets);
        return end < 0 ? text : string.Concat(text.AsSpan(0, start + end), "...");
    }

    [GeneratedRegex(@"^[a-z0-9]{3,24}\z")]
    private static partial Regex AccountName();

    [GeneratedRegex(@"^(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex ContainerName();
}
