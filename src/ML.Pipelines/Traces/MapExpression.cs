namespace ML.Pipelines.Traces;

/// <summary>Whose turn of a conversation is meant.</summary>
internal enum TurnRole { User, Assistant, System }

/// <summary>A text of a row before anything is taken out of it.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Role">In a conversation: the first user, last assistant or first system turn.</param>
/// <param name="First">Whether the column is a list whose first element is meant.</param>
internal readonly record struct ColumnSource(string Column, TurnRole? Role, bool First)
{
    public override string ToString() =>
        Role is { } role ? $"{Column}.{role.ToString().ToLowerInvariant()}"
        : First ? $"{Column}:first"
        : Column;
}

/// <summary>One expression of a map: a text of a row and what to take out of it, in order.</summary>
internal sealed record MapExpression(ColumnSource Source, IReadOnlyList<Take> Takes)
{
    private static readonly Dictionary<string, TurnRole> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["user"] = TurnRole.User,
        ["human"] = TurnRole.User,
        ["assistant"] = TurnRole.Assistant,
        ["gpt"] = TurnRole.Assistant,
        ["system"] = TurnRole.System,
    };

    /// <summary>The role that a conversation's own word for it means.</summary>
    public static TurnRole? RoleOf(string? name) => name is not null && Roles.TryGetValue(name, out var role) ? role : null;

    /// <summary>Parses alternatives with <c>|</c> between them; none for an empty text.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: not an expression.</exception>
    public static IReadOnlyList<MapExpression> ParseAll(string text, string option) =>
        string.IsNullOrWhiteSpace(text) ? [] : [.. text.Split('|', StringSplitOptions.TrimEntries).Select(one => Parse(one, option))];

    /// <summary>What the expression makes of its text; null where there is nothing.</summary>
    public string? Value(string? text)
    {
        foreach (var take in Takes) text = text is null ? null : take.Of(text);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>Whether the chain in the text was opened and never closed.</summary>
    public bool IsCutOff(string text) =>
        (Takes.Contains(Take.Thought) || Takes.Contains(Take.FramedThought)) && ThoughtBlock.In(text).IsCutOff;

    public override string ToString() => string.Concat(Takes.Select(take => $":{take.Name}").Prepend(Source.ToString()));

    private static MapExpression Parse(string text, string option)
    {
        var parts = text.Split(':', StringSplitOptions.TrimEntries);
        var first = parts.Length > 1 && parts[1] == "first";
        var takes = parts[(first ? 2 : 1)..].Where(name => name != "whole")
            .Select(name => Take.Find(name) ?? throw Invalid(text, option, $"'{name}' is no take (known: whole, first, {Take.Names})"));
        var (column, role) = ColumnAndRole(parts[0]);
        if (column.Length == 0) throw Invalid(text, option, "it names no column");
        return new(new ColumnSource(column, role, first), [.. takes]);
    }

    private static (string Column, TurnRole? Role) ColumnAndRole(string text)
    {
        var dot = text.LastIndexOf('.');
        return dot > 0 && RoleOf(text[(dot + 1)..]) is { } role ? (text[..dot], role) : (text, null);
    }

    private static PipelineException Invalid(string text, string option, string why) => new(ErrorCode.Configuration,
        $"{option}: '{text}' is not an expression: {why}. Write column, column:take, column.role or column.role:take.");
}
