namespace ML.Pipelines.Cli.Jobs;

/// <summary>An entry of the list of stages: a name, or one name with its options.</summary>
internal static class StageEntry
{
    /// <summary>The stage's name; null: the entry has another form.</summary>
    public static string? NameOf(JobNode entry) => entry switch
    {
        ScalarNode { IsNull: false } name => name.Text,
        MapNode { Entries: [var only] } => only.Key.Text,
        _ => null,
    };

    /// <summary>The entry with its options, of which a bare name has none.</summary>
    public static MapNode AsMap(JobNode entry) => entry as MapNode
        ?? new MapNode(entry.Place, [new MapEntry((ScalarNode)entry, new MapNode(entry.Place, []))]);
}
