using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace ML.Pipelines.Teachers;

/// <summary>What a stage says to a teacher: an optional system turn and a user turn, with <c>{{name}}</c> where a row's values go.</summary>
/// <remarks>
/// A prompt file has a line <c>[user]</c>, before it possibly <c>[system]</c>; lines before the first of them are notes. Values are put in
/// as they are: what looks like a placeholder in a value stays text.
/// </remarks>
public sealed partial class PromptTemplate
{
    private const string SystemLine = "[system]", UserLine = "[user]";
    private const string Resources = "prompts/";

    private PromptTemplate(string name, string? system, string user)
    {
        (Name, System, User) = (name, system, user);
        Placeholders = [.. Placeholder().Matches(system + user).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{system}\0{user}")));
    }

    /// <summary>Its name, or its file's path.</summary>
    public string Name { get; }

    /// <summary>The system turn; null: none.</summary>
    public string? System { get; }

    /// <summary>The user turn.</summary>
    public string User { get; }

    /// <summary>The names of the values that it needs.</summary>
    public IReadOnlyList<string> Placeholders { get; }

    /// <summary>SHA-256 over what is sent, lower-case hexadecimal: it counts for a run's fingerprint.</summary>
    public string Hash { get; }

    /// <summary>The names of the prompts that come with the library.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. typeof(PromptTemplate).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Resources, StringComparison.Ordinal)).Select(name => name[Resources.Length..]).Order(StringComparer.Ordinal)];

    /// <summary>A prompt that comes with the library, or one from a file.</summary>
    /// <param name="nameOrPath">One of <see cref="Names"/>, or a path.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: there is neither, or it is no prompt.</exception>
    public static PromptTemplate Open(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (typeof(PromptTemplate).Assembly.GetManifestResourceStream(Resources + nameOrPath) is { } resource)
        {
            using var reader = new StreamReader(resource);
            return Parse(reader.ReadToEnd(), nameOrPath);
        }
        try
        {
            return Parse(File.ReadAllText(nameOrPath), nameOrPath);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.Configuration, $"There is no prompt '{nameOrPath}', and no such file can be read. Prompts "
                + $"here: {string.Join(", ", Names)}.", fault);
        }
    }

    /// <summary>Reads a prompt file's text.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, with the name.</exception>
    public static PromptTemplate Parse(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var (system, user) = (Array.IndexOf(lines, SystemLine), Array.IndexOf(lines, UserLine));
        if (user < 0 || system > user) throw Invalid(name, $"it needs a line {UserLine}" + (system > user ? $" after {SystemLine}" : ""));
        var said = Section(lines[(user + 1)..]);
        if (said.Length == 0) throw Invalid(name, $"nothing follows {UserLine}");
        return new(name, system < 0 ? null : Section(lines[(system + 1)..user]), said);
    }

    /// <summary>Checks that a stage knows all values that the prompt needs.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, naming the value.</exception>
    public void Require(IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        if (Placeholders.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw Invalid(Name, $"it asks for {{{{{unknown}}}}}, which is not known here. Known are {string.Join(", ", known)}");
    }

    /// <summary>The conversation for a row.</summary>
    /// <exception cref="KeyNotFoundException">A value is missing; see <see cref="Require"/>.</exception>
    public IReadOnlyList<ChatMessage> Render(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        string Fill(string text) => Placeholder().Replace(text, match => values[match.Groups[1].Value]);
        var user = new ChatMessage(ChatRole.User, Fill(User));
        return System is null ? [user] : [new ChatMessage(ChatRole.System, Fill(System)), user];
    }

    private static string Section(IEnumerable<string> lines) => string.Join('\n', lines).Trim('\n');

    private static PipelineException Invalid(string name, string what) => new(ErrorCode.Configuration, $"Prompt '{name}': {what}.");

    [GeneratedRegex(@"\{\{([a-z]+)\}\}")]
    private static partial Regex Placeholder();
}
