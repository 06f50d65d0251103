using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>The JSON schema of a job file, from <see cref="JobSchema"/>, for editors and checks.</summary>
public static class JobJsonSchema
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document, ending in a line break.</summary>
    public static string Text() => Document().ToJsonString(Indented) + "\n";

    private static JsonObject Document()
    {
        var properties = Properties(JobSchema.Top);
        properties["input"] = Section(JobSchema.Input);
        properties["output"] = Section(JobSchema.Output);
        properties["models"] = Models();
        properties["stages"] = Stages();
        properties["gates"] = Section(JobSchema.Gates);
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "A job of mlpipe",
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray("stages"),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Section(SectionDefinition section)
    {
        var schema = new JsonObject
        {
            ["description"] = section.Description,
            ["type"] = IsRequired(section) ? "object" : new JsonArray("object", "null"),
            ["properties"] = Properties(section),
            ["additionalProperties"] = false,
        };
        if (IsRequired(section)) schema["required"] = Texts(section.Options.Where(IsRequired).Select(option => option.Name.Split('.')[0]).Distinct());
        return schema;
    }

    private static JsonObject Models() => new()
    {
        ["description"] = JobSchema.Model.Description,
        ["type"] = new JsonArray("object", "null"),
        ["patternProperties"] = new JsonObject { ["^[A-Za-z0-9_-]+$"] = Section(JobSchema.Model) },
        ["additionalProperties"] = false,
    };

    private static JsonObject Stages() => new()
    {
        ["description"] = "The stages in order; each entry is one stage's name, or its name with its options.",
        ["type"] = "array",
        ["minItems"] = 1,
        ["items"] = new JsonObject { ["anyOf"] = new JsonArray(BareStage(), StageWithOptions()) },
    };

    private static JsonObject BareStage() =>
        new() { ["enum"] = Texts(JobSchema.Stages.Where(stage => !IsRequired(stage)).Select(stage => stage.Name)) };

    private static JsonObject StageWithOptions() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(JobSchema.Stages.Select(stage => KeyValuePair.Create(stage.Name, (JsonNode?)Section(stage)))),
        ["minProperties"] = 1,
        ["maxProperties"] = 1,
        ["additionalProperties"] = false,
    };

    private static JsonObject Properties(SectionDefinition section)
    {
        var properties = new JsonObject();
        foreach (var options in section.Options.GroupBy(option => option.Name.Split('.')[0]))
            properties[options.Key] = section.HasGroup(options.Key) ? Group(options.Key, [.. options]) : Option(options.Single());
        return properties;
    }

    // An inner map reads as a section whose options have the rest of their names.
    private static JsonObject Group(string name, IReadOnlyList<OptionDefinition> options) => Section(new(name, $"The options of {name}.",
        [.. options.Select(option => option with { Name = option.Name[(name.Length + 1)..] })]));

    private static JsonObject Option(OptionDefinition option)
    {
        var schema = Kind(option);
        schema.Insert(0, "description", option.Description);
        if (option.Requirement == Requirement.Optional)
            schema["default"] = JsonSerializer.SerializeToNode(option.Default, option.Default.GetType());
        if (double.IsFinite(option.Minimum)) schema["minimum"] = option.Minimum;
        if (double.IsFinite(option.Maximum)) schema["maximum"] = option.Maximum;
        return schema;
    }

    private static JsonObject Kind(OptionDefinition option) => option.Kind switch
    {
        OptionKind.Integer => OfType("integer"),
        OptionKind.Number => OfType("number"),
        OptionKind.Boolean => OfType("boolean"),
        OptionKind.Choice => new JsonObject { ["enum"] = Texts(option.Choices) },
        OptionKind.TextList => new JsonObject { ["anyOf"] = new JsonArray(TextOrNumber(), ListOfTexts()) },
        OptionKind.TextMap => Map(option),
        _ => OfType("string"),
    };

    private static JsonObject Map(OptionDefinition option)
    {
        var map = OfType("object");
        if (option.Choices.Count > 0)
            map["properties"] = new JsonObject(option.Choices.Select(name => KeyValuePair.Create(name, (JsonNode?)MapValue())));
        map["additionalProperties"] = option.Choices.Count > 0 ? false : MapValue("boolean", "number");
        return map;
    }

    private static JsonObject MapValue(params string[] further) => new() { ["type"] = Texts(["string", "null", .. further]) };

    private static JsonObject ListOfTexts() => new() { ["type"] = "array", ["items"] = TextOrNumber() };

    // The reader takes a number in a list for its text: rates: [0.5].
    private static JsonObject TextOrNumber() => new() { ["type"] = new JsonArray("string", "number") };

    private static JsonObject OfType(string type) => new() { ["type"] = type };

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static bool IsRequired(OptionDefinition option) => option.Requirement == Requirement.InFile;

    private static bool IsRequired(SectionDefinition section) => section.Options.Any(IsRequired);
}
