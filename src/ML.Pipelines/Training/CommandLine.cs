namespace ML.Pipelines.Training;

/// <summary>A program with its arguments, in which names in braces stand for values.</summary>
/// <remarks>
/// No shell reads it: an argument with blanks stays one argument. Only the names that a command knows are replaced, anywhere in an
/// argument; other braces stay. The program is looked for as the system does it, relative paths from the current directory.
/// </remarks>
public sealed record CommandLine
{
    /// <summary>Stands for the file that the command reads.</summary>
    public const string Data = "{data}";

    /// <summary>Stands for the folder or file that the command writes.</summary>
    public const string Out = "{out}";

    /// <summary>Stands for the model to start from.</summary>
    public const string Base = "{base}";

    /// <summary>Stands for the seed.</summary>
    public const string Seed = "{seed}";

    /// <summary>Stands for the trained model.</summary>
    public const string Model = "{model}";

    private readonly IReadOnlyList<string> _parts;

    /// <summary>Takes the parts of a command.</summary>
    /// <param name="parts">The program, then its arguments.</param>
    /// <param name="option">What a user calls the command, for messages.</param>
    /// <param name="required">The names that it must have.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: there is no program, or a name is missing.</exception>
    public CommandLine(IReadOnlyList<string> parts, string option, params IReadOnlyList<string> required)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(required);
        (_parts, Option) = ([.. parts], option);
        if (parts.Count == 0 || string.IsNullOrWhiteSpace(parts[0]))
            throw new PipelineException(ErrorCode.Configuration, $"{option}: names no program. Give the program, then its arguments.");
        if (required.FirstOrDefault(name => !Has(name)) is { } missing)
            throw new PipelineException(ErrorCode.Configuration, $"{option}: lacks {missing}. Put it where the command takes that path.");
    }

    /// <summary>The program, then its arguments, with names in braces.</summary>
    public IReadOnlyList<string> Parts => _parts;

    /// <summary>What a user calls the command.</summary>
    public string Option { get; }

    /// <summary>Whether an argument has a name.</summary>
    public bool Has(string name) => _parts.Any(part => part.Contains(name, StringComparison.Ordinal));

    /// <summary>The parts with values in place of names. What a value holds is not replaced again.</summary>
    internal IReadOnlyList<string> With(IReadOnlyDictionary<string, string> values) => [.. _parts.Select(part => Replace(part, values))];

    private static string Replace(string part, IReadOnlyDictionary<string, string> values)
    {
        for (var at = part.IndexOf('{', StringComparison.Ordinal); at >= 0; at = part.IndexOf('{', at))
        {
            var name = values.Keys.FirstOrDefault(name => string.CompareOrdinal(part, at, name, 0, name.Length) == 0);
            if (name is not null) part = string.Concat(part.AsSpan(0, at), values[name], part.AsSpan(at + name.Length));
            at += name is null ? 1 : values[name].Length;
            if (at >= part.Length) break;
        }
        return part;
    }
}
