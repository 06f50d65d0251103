namespace ML.Pipelines.Cli.Jobs;

/// <summary>Where a value was written.</summary>
/// <param name="Source">The job file as given, or the command-line option.</param>
/// <param name="Folder">What relative paths are relative to; empty: the current directory.</param>
/// <param name="Line">From 1; 0: the source has no lines.</param>
/// <param name="Column">From 1.</param>
internal sealed record Place(string Source, string Folder, int Line = 0, int Column = 0)
{
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}

/// <summary>A value of a job file with its place.</summary>
internal abstract record JobNode(Place Place)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>A scalar.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Text">Its text without quotes.</param>
/// <param name="Plain">Whether it has no quotes, so that it may be a number, truth value or null.</param>
internal sealed record ScalarNode(Place Place, string Text, bool Plain) : JobNode(Place)
{
    public override string Kind => "a value";

    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed record ListNode(Place Place, IReadOnlyList<JobNode> Items) : JobNode(Place)
{
    public override string Kind => "a list";
}

/// <summary>A value from the command line, whose reading depends on the option's kind.</summary>
internal sealed record CommandLineNode(Place Place, string Text) : JobNode(Place)
{
    public override string Kind => "a value";
}

/// <summary>A map that keeps its keys' order and repetitions.</summary>
internal sealed record MapNode(Place Place, IReadOnlyList<MapEntry> Entries) : JobNode(Place)
{
    public override string Kind => "a map";

    public JobNode? Find(string key) => Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;

    /// <summary>The value of an option, which an inner map may hold; else that map.</summary>
    public JobNode? FindOption(string name) => name.Split('.', 2) switch
    {
        [var group, var option] when Find(group) is { } inner => (inner as MapNode)?.Find(option) ?? inner,
        _ => Find(name),
    };

    /// <summary>The entries without repetitions, which become errors.</summary>
    public IEnumerable<MapEntry> Distinct(string path, JobErrors errors)
    {
        var first = new Dictionary<string, ScalarNode>(StringComparer.Ordinal);
        foreach (var entry in Entries)
        {
            if (first.TryAdd(entry.Key.Text, entry.Key)) yield return entry;
            else errors.Add(entry.Key.Place, $"{path}.{entry.Key.Text}".TrimStart('.'),
                $"is here twice, first in line {first[entry.Key.Text].Place.Line}. Keep one.");
        }
    }

    /// <summary>This map with one entry of the key, in place of any before.</summary>
    public MapNode With(string key, JobNode value)
    {
        var kept = Entries.Where(entry => entry.Key.Text != key);
        var name = Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Key ?? new ScalarNode(value.Place, key, true);
        return this with { Entries = [.. kept, new MapEntry(name, value)] };
    }
}

/// <summary>A key with its value.</summary>
internal sealed record MapEntry(ScalarNode Key, JobNode Value);
