using YamlDotNet.Core;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>A value from the command line that takes the place of the job file's.</summary>
/// <remarks>Relative paths in it are relative to the current directory.</remarks>
public sealed record JobOverride
{
    private const string Examples = "Give one such as stages.prune.ratio, models.scorer.provider or output.shardRows.";

    private JobOverride(string path, JobNode node) => (Path, Node) = (path, node);

    /// <summary>The option, e.g. <c>stages.prune.ratio</c>, or a whole stage or model; they go by their names.</summary>
    public string Path { get; }

    internal JobNode Node { get; }

    /// <summary>Reads <c>path=value</c> as <c>--set</c> takes it; the value is a YAML scalar or flow, or a list with commas.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: not of that form.</exception>
    public static JobOverride Parse(string assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new PipelineException(ErrorCode.Configuration, $"--set: '{assignment}' has no path before '='. {Examples}");
        return new(assignment[..equals].Trim(), new CommandLineNode(new Place("--set", ""), assignment[(equals + 1)..]));
    }

    /// <summary>The values of a command-line option of its own, such as <c>--input</c> or <c>--output</c>, taken as they are.</summary>
    /// <param name="place">The command-line option, for messages.</param>
    /// <param name="path">The job file's option.</param>
    /// <param name="values">One text, or those of a list.</param>
    public static JobOverride Of(string place, string path, params IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var origin = new Place(place, "");
        JobNode[] items = [.. values.Select(value => Literal(origin, value))];
        return new(path, items.Length == 1 ? items[0] : new ListNode(origin, items));
    }

    // Without quotes, so that it may be a number; but an empty text or one that says null is that text.
    private static ScalarNode Literal(Place place, string text)
    {
        var plain = new ScalarNode(place, text, true);
        return plain.IsNull ? plain with { Plain = false } : plain;
    }

    /// <summary>The job with this value in it; options that do not exist are left for the reader to find.</summary>
    internal MapNode Apply(MapNode root, JobErrors errors) => Path.Split('.') switch
    {
        [var name] when JobSchema.Top.Find(name) is not null => root.With(name, Node),
        ["input" or "output" or "gates", _] or ["models", _, _] => Into(root, Path.Split('.')),
        ["stages", var stage, var option] => IntoStage(root, stage, item => Into(StageEntry.AsMap(item), [stage, option]), errors),
        ["stages", var stage, var group, var option] when JobSchema.FindStage(stage)?.HasGroup(group) == true =>
            IntoStage(root, stage, item => Into(StageEntry.AsMap(item), [stage, group, option]), errors),
        ["models" or "stages", _] => Whole(root, errors),
        _ => Unknown(root, errors),
    };

    // A model or a stage with all its options, in place of what the file says of it.
    private MapNode Whole(MapNode root, JobErrors errors)
    {
        try
        {
            if (Node is CommandLineNode typed && YamlTree.OfValue(typed.Text, typed.Place) is MapNode map)
                return Path.Split('.') is ["models", var model] ? With(map).Into(root, ["models", model])
                    : With(map).IntoStage(root, Path.Split('.')[1], _ => new MapNode(Node.Place, [new(new ScalarNode(Node.Place, Path.Split('.')[1], true), map)]), errors);
        }
        catch (YamlException)
        {
        }
        errors.Add(Node.Place, Path, "not a map of options. Give one such as {type: onnx, model: bundled}, or set a single option.");
        return root;
    }

    private JobOverride With(JobNode node) => new(Path, node);

    private MapNode Unknown(MapNode root, JobErrors errors)
    {
        errors.Add(Node.Place, Path, $"not the path of an option. {Examples}");
        return root;
    }

    private MapNode Into(MapNode map, ReadOnlySpan<string> path)
    {
        if (path.Length == 1) return map.With(path[0], Node);
        var child = map.Find(path[0]);
        // A child of the wrong kind is the reader's to refuse, with its own place.
        return child is null or ScalarNode { IsNull: true } or MapNode
            ? map.With(path[0], Into(child as MapNode ?? new MapNode(Node.Place, []), path[1..]))
            : map;
    }

    private MapNode IntoStage(MapNode root, string stage, Func<JobNode, JobNode> change, JobErrors errors)
    {
        if (root.Find("stages") is not ListNode list) return root;
        var names = list.Items.Select(StageEntry.NameOf).ToArray();
        if (!names.Contains(stage))
            errors.Add(Node.Place, Path, $"the job has no stage '{stage}'. Its stages are {string.Join(", ", names.OfType<string>())}.");
        JobNode[] items = [.. list.Items.Zip(names, (item, name) => name == stage ? change(item) : item)];
        return root.With("stages", list with { Items = items });
    }
}
