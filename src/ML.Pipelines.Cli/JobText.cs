using System.Text.Json;
using System.Text.Json.Nodes;
using ML.Pipelines.Cli.Jobs;

namespace ML.Pipelines.Cli;

/// <summary>A job as JSON, which YAML reads too: kept in the plan so that a run's folder alone tells what was run.</summary>
internal static class JobText
{
    /// <summary>The job with what it was given; paths are absolute.</summary>
    public static JsonElement Write(Job job, IReadOnlyList<string> files)
    {
        var input = Section(job.Input);
        input["files"] = new JsonArray([.. files.Select(file => JsonValue.Create(Path.GetFullPath(file)))]);
        var models = new JsonObject();
        foreach (var model in job.Models.Values) models[model.Name] = Section(model);
        return JsonSerializer.SerializeToElement(new JsonObject
        {
            ["name"] = job.Name,
            ["input"] = input,
            ["output"] = Section(job.Output),
            ["models"] = models,
            ["gates"] = Section(job.Gates),
            ["stages"] = new JsonArray([.. job.Stages.Select(stage => new JsonObject { [stage.Name] = Section(stage) })]),
        });
    }

    private static JsonObject Section(OptionValues options)
    {
        var section = new JsonObject();
        foreach (var (name, value) in options.Portable)
        {
            var target = name.Split('.') is [var group, _] ? section[group] ??= new JsonObject() : section;
            target[name.Split('.')[^1]] = JsonSerializer.SerializeToNode(value);
        }
        return section;
    }
}
