namespace ML.Pipelines.Cli.Jobs;

/// <summary>Reads the options of a section, model or stage.</summary>
internal sealed class SectionReader(JobErrors errors)
{
    private readonly OptionReader _options = new(errors);

    /// <summary>The given options; the errors say what is wrong with others.</summary>
    /// <param name="section">The options it may have.</param>
    /// <param name="path">Its path.</param>
    /// <param name="node">Its map; null or without a value: no option is given.</param>
    /// <param name="place">Where a missing option would go.</param>
    public IReadOnlyDictionary<string, object> Read(SectionDefinition section, string path, JobNode? node, Place place)
    {
        if (node is not (null or MapNode or ScalarNode { IsNull: true }))
        {
            errors.Add(node.Place, path, $"{node.Kind} is not a map of options. Write each option as 'name: value' in a line of its own.");
            return new Dictionary<string, object>();
        }
        var map = Flat(section, path, node as MapNode ?? new MapNode(place, []));
        RequireAll(section, path, map, place);
        return Values(section, path, map);
    }

    /// <summary>The map with the options of inner maps under their full names.</summary>
    private MapNode Flat(SectionDefinition section, string path, MapNode map) =>
        map with { Entries = [.. map.Entries.SelectMany(entry => section.HasGroup(entry.Key.Text) ? Group(entry, path) : [entry])] };

    private IEnumerable<MapEntry> Group(MapEntry entry, string path)
    {
        var name = entry.Key.Text;
        if (entry.Value is MapNode inner)
            return inner.Entries.Select(option => option with { Key = option.Key with { Text = Join(name, option.Key.Text) } });
        if (entry.Value is not ScalarNode { IsNull: true })
            errors.Add(entry.Value.Place, Join(path, name), $"{entry.Value.Kind} is not a map of options. Write each option below '{name}:'.");
        return [];
    }

    private Dictionary<string, object> Values(SectionDefinition section, string path, MapNode map)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (key, node) in map.Distinct(path, errors))
        {
            if (section.Find(key.Text) is not { } option) Unknown(section, Join(path, key.Text), key);
            else if (_options.Read(option, Join(path, key.Text), node) is { } value) values[key.Text] = value;
        }
        return values;
    }

    private void RequireAll(SectionDefinition section, string path, MapNode map, Place place)
    {
        foreach (var option in section.Options.Where(option => option.Requirement != Requirement.Optional && map.Find(option.Name) is null))
            errors.Add(place, Join(path, option.Name), $"missing, but required. {option.Description}");
    }

    private void Unknown(SectionDefinition section, string path, ScalarNode key) =>
        errors.Add(key.Place, path,
            $"there is no such option. {Spelling.Suggest(key.Text, [.. section.Options.Select(option => option.Name)])}");

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
