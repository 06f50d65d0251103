namespace ML.Pipelines.Cli.Jobs;

/// <summary>Turns a job file's nodes into a job, or says all that is wrong with them.</summary>
internal sealed class JobReader
{
    private readonly JobErrors _errors;
    private readonly Place _file;
    private readonly SectionReader _sections;

    private JobReader(Place file, JobErrors errors) => (_file, _errors, _sections) = (file, errors, new SectionReader(errors));

    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, all errors in one message, one a line.</exception>
    public static Job Read(JobNode root, Place file, IEnumerable<JobOverride> overrides)
    {
        var errors = new JobErrors();
        var map = root as MapNode;
        var fault = root is ScalarNode { IsNull: true } ? "the file is empty" : $"{root.Kind} is not a job";
        if (map is null) errors.Add(root.Place, "", $"{fault}. A job has {string.Join(", ", JobSchema.TopNames)}.");
        errors.ThrowIfAny();
        var job = new JobReader(file, errors).Read(overrides.Aggregate(map!, (tree, value) => value.Apply(tree, errors)));
        errors.ThrowIfAny();
        return job;
    }

    private Job Read(MapNode root)
    {
        var entries = root.Distinct("", _errors).ToArray();
        foreach (var (key, _) in entries.Where(entry => !JobSchema.TopNames.Contains(entry.Key.Text)))
            _errors.Add(key.Place, key.Text, $"there is no such section. {Spelling.Suggest(key.Text, JobSchema.TopNames)}");
        var top = root with { Entries = [.. entries.Where(entry => JobSchema.Top.Find(entry.Key.Text) is not null)] };
        var models = Models(root);
        var stages = Stages(root);
        // A stage that could not be read would only make the checks say more of the same.
        if (!stages.Contains(null)) JobChecks.Check([.. stages.OfType<ReadStage>()], models, _errors);
        return new Job(
            _file.Source,
            new OptionValues(JobSchema.Top, "", _sections.Read(JobSchema.Top, "", top, _file)),
            new InputOptions(Section(JobSchema.Input, root)),
            new OutputOptions(Section(JobSchema.Output, root)),
            models.ToDictionary(model => model.Name, model => model.Options, StringComparer.Ordinal),
            [.. stages.OfType<ReadStage>().Select(stage => stage.Options)],
            new GateOptions(Section(JobSchema.Gates, root)));
    }

    private IReadOnlyDictionary<string, object> Section(SectionDefinition section, MapNode root)
    {
        var entry = root.Entries.FirstOrDefault(entry => entry.Key.Text == section.Name);
        return _sections.Read(section, section.Name, entry?.Value, entry?.Key.Place ?? _file);
    }

    private List<ReadModel> Models(MapNode root)
    {
        var node = root.Find("models");
        if (node is null or ScalarNode { IsNull: true }) return [];
        if (node is MapNode map) return [.. map.Distinct("models", _errors).Select(Model)];
        _errors.Add(node.Place, "models", $"{node.Kind} is not a map of models. Write each as 'name:' with its options below.");
        return [];
    }

    private ReadModel Model(MapEntry entry)
    {
        var (name, path) = (entry.Key.Text, $"models.{entry.Key.Text}");
        // Paths of options, as --set takes them, have dots between names.
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            _errors.Add(entry.Key.Place, path, "not a name for a model. Take letters, digits, '-' and '_'.");
        return new(name, new ModelOptions(name, _sections.Read(JobSchema.Model, path, entry.Value, entry.Key.Place)), entry);
    }

    private ReadStage?[] Stages(MapNode root)
    {
        var node = root.Find("stages");
        var known = string.Join(", ", JobSchema.Stages.Select(stage => stage.Name));
        if (node is ListNode { Items.Count: > 0 } list) return [.. list.Items.Select(Stage)];
        _errors.Add(node?.Place ?? _file, "stages", node is null or ListNode or ScalarNode { IsNull: true }
            ? $"no stage is listed. List at least one of {known}."
            : $"{node.Kind} is not a list. Put '- ' before each stage.");
        return [];
    }

    private ReadStage? Stage(JobNode entry)
    {
        if (StageEntry.NameOf(entry) is not { } name)
            _errors.Add(entry.Place, "stages", "an entry names one stage. Write '- name:' and indent its options below the name.");
        else if (JobSchema.FindStage(name) is not { } stage)
            _errors.Add(entry.Place, "stages",
                $"there is no stage '{name}'. {Spelling.Suggest(name, [.. JobSchema.Stages.Select(known => known.Name)])}");
        else
            return new(StageEntry.AsMap(entry),
                new StageOptions(stage, _sections.Read(stage, $"stages.{name}", Options(entry), entry.Place)));
        return null;
    }

    private static JobNode? Options(JobNode entry) => entry is MapNode { Entries: [var only] } ? only.Value : null;
}

/// <summary>A model as it was read, its options perhaps incomplete, with its entry for the places of later errors.</summary>
internal sealed record ReadModel(string Name, ModelOptions Options, MapEntry Entry)
{
    public Place PlaceOf(string option) => (Entry.Value as MapNode)?.Find(option)?.Place ?? Entry.Key.Place;
}

/// <summary>A stage as it was read, with its node for the places of later errors.</summary>
internal sealed record ReadStage(MapNode Node, StageOptions Options)
{
    public Place PlaceOf(string option) => (Node.Entries[0].Value as MapNode)?.FindOption(option)?.Place ?? Node.Place;
}
