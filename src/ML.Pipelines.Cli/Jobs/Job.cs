using System.Globalization;
using System.Text;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OpenAI;
using ML.Pipelines.Runs;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>A job: what is read, what is done to it, where the result goes. Immutable, with all defaults filled in.</summary>
public sealed class Job
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly OptionValues _top;

    internal Job(string path, OptionValues top, InputOptions input, OutputOptions output,
        IReadOnlyDictionary<string, ModelOptions> models, IReadOnlyList<StageOptions> stages, GateOptions gates)
    {
        _top = top;
        Path = path;
        Input = input;
        Output = output;
        Models = models;
        Stages = stages;
        Gates = gates;
    }

    /// <summary>The job file, as it was named.</summary>
    public string Path { get; }

    /// <summary>The job's name; where it gives none, the file's without extension.</summary>
    public string Name => _top.Text("name") is { Length: > 0 } name ? name : System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>What is read.</summary>
    public InputOptions Input { get; }

    /// <summary>What is written.</summary>
    public OutputOptions Output { get; }

    /// <summary>The models by their names.</summary>
    public IReadOnlyDictionary<string, ModelOptions> Models { get; }

    /// <summary>The stages in order; each is there at most once.</summary>
    public IReadOnlyList<StageOptions> Stages { get; }

    /// <summary>What the finished data set must be like.</summary>
    public GateOptions Gates { get; }

    /// <summary>The stage of a name; null: the job has none.</summary>
    public StageOptions? FindStage(string name) => Stages.FirstOrDefault(stage => stage.Name == name);

    /// <summary>Reads a job file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Values from the command line; a later one of the same option counts.</param>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.Configuration"/>: all that is wrong, one error a line, each with file, line, column and option.
    /// </exception>
    public static Job Load(string path, IEnumerable<JobOverride>? overrides = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Parse(ReadText(path), path, overrides);
    }

    /// <summary>Reads a job from text, as if it were a file's.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">The file that it stands for.</param>
    /// <param name="overrides">Values from the command line.</param>
    /// <exception cref="PipelineException">As for <see cref="Load"/>.</exception>
    public static Job Parse(string yaml, string path, IEnumerable<JobOverride>? overrides = null)
    {
        var file = new Place(path, System.IO.Path.GetDirectoryName(path) ?? "");
        return JobReader.Read(YamlTree.OfFile(yaml, file), file, overrides ?? []);
    }

    /// <summary>
    /// All options that count for a run's fingerprint, in a fixed order with defaults filled in: neither formatting, comments and the
    /// order of keys in the file nor where files lie change it.
    /// </summary>
    /// <remarks>
    /// The input files and models count by their content, which is not in here. The order of stages is the entry <c>stages</c>.
    /// </remarks>
    public IReadOnlyList<CanonicalOption> Canonical() =>
    [
        .. _top.Canonical(),
        .. Input.Canonical(),
        .. Output.Canonical(),
        .. Models.OrderBy(model => model.Key, StringComparer.Ordinal).SelectMany(model => model.Value.Canonical()),
        new CanonicalOption("stages", string.Join(',', Stages.Select(stage => stage.Name))),
        .. Stages.SelectMany(stage => stage.Canonical()),
    ];

    private static string ReadText(string path)
    {
        if (!File.Exists(path))
            throw Invalid($"{path}: there is no such file (looked from '{Environment.CurrentDirectory}'). Check the path.");
        try
        {
            return File.ReadAllText(path, Utf8);
        }
        catch (Exception exception) when (exception is DecoderFallbackException or IOException or UnauthorizedAccessException)
        {
            throw Invalid($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    private static PipelineException Invalid(string message, Exception? cause = null) => new(ErrorCode.Configuration, message, cause);
}

/// <summary>The section <c>input</c>.</summary>
public sealed class InputOptions : OptionValues
{
    internal InputOptions(IReadOnlyDictionary<string, object> given) : base(JobSchema.Input, "input", given) { }

    /// <summary>Files and globs; relative ones are relative to the current directory.</summary>
    public IReadOnlyList<string> Files => TextList("files");

    /// <summary>The files' format.</summary>
    public InputFormat Format => Choice<InputFormat>("format");

    /// <summary>The columns to read; empty: all.</summary>
    public IReadOnlyList<string> Columns => TextList("columns");

    /// <summary>Whether columns of a type that cannot be read are left out.</summary>
    public bool LeaveOutUnsupported => Boolean("leaveOutUnsupported");

    /// <summary>The most bytes of a line of JSON Lines.</summary>
    public int MaxRowBytes => Integer("maxRowBytes");
}

/// <summary>The section <c>output</c>.</summary>
public sealed class OutputOptions : OptionValues
{
    internal OutputOptions(IReadOnlyDictionary<string, object> given) : base(JobSchema.Output, "output", given) { }

    /// <summary>The folder of the result; a relative one is relative to the current directory.</summary>
    public string Folder => Text("folder");

    /// <summary>The most input rows a shard.</summary>
    public int ShardRows => Integer("shardRows");

    /// <summary>The most bytes of input rows a shard.</summary>
    public int ShardBytes => Integer("shardBytes");

    /// <summary>What writes Parquet.</summary>
    public ShardEngine Engine => Choice<ShardEngine>("engine");

    /// <summary>Rows a row group.</summary>
    public int RowGroupRows => Integer("rowGroupRows");

    /// <summary>The share of rows that may be quarantined, 0 to 1.</summary>
    public double MaxQuarantined => Number("maxQuarantined");
}

/// <summary>The section <c>gates</c>.</summary>
public sealed class GateOptions : OptionValues
{
    internal GateOptions(IReadOnlyDictionary<string, object> given) : base(JobSchema.Gates, "gates", given) { }

    /// <summary>The gates that are set.</summary>
    public DataGates Gates => new()
    {
        MinKept = NumberIfGiven("minKept"),
        MinTokenReduction = NumberIfGiven("minTokenReduction"),
        MaxTokenReduction = NumberIfGiven("maxTokenReduction"),
        MinAnswerEquivalence = NumberIfGiven("minAnswerEquivalence"),
        NoEmptyMessages = Boolean("noEmptyMessages"),
    };

    private double? NumberIfGiven(string name) => Given.ContainsKey(name) ? Number(name) : null;
}

/// <summary>A model of the section <c>models</c>.</summary>
public sealed class ModelOptions : OptionValues
{
    internal ModelOptions(string name, IReadOnlyDictionary<string, object> given)
        : base(JobSchema.Model, $"models.{name}", given) => Name = name;

    /// <summary>Its name in the job.</summary>
    public string Name { get; }

    /// <summary>The kind of model.</summary>
    public ModelType Type => Choice<ModelType>("type");

    /// <summary>Whether it is the model that comes with the program.</summary>
    public bool IsBundled => Model == JobSchema.BundledModel;

    /// <summary>Its folder, relative to the current directory, or <see cref="JobSchema.BundledModel"/>.</summary>
    public string Model => Text("model");

    /// <summary>What it runs on.</summary>
    public ModelProvider Provider => Choice<ModelProvider>("provider");

    /// <summary>CPU threads; 0: all cores.</summary>
    public int Threads => Integer("threads");

    /// <summary>The most tokens of a text with its answer; 0: the model's own limit.</summary>
    public int ContextLength => Integer("contextLength");

    /// <summary>The most tokens of a text with its answer or of a prompt with its reply; null: the model's own limit.</summary>
    public int? ContextLimit => ContextLength > 0 ? ContextLength : null;

    /// <summary>How replies of a model of type onnx are made.</summary>
    public OnnxChatClientOptions Chat => new()
    {
        MaxRows = Integer("maxRows"),
        MaxCacheTokens = Integer("maxCacheTokens"),
        Date = Day(Text("templateDate")),
        TemplateVariables = TextMap("templateVariables") is { Count: > 0 } variables
            ? variables.ToDictionary(variable => variable.Key, variable => Typed(variable.Value))
            : null,
    };

    /// <summary>A day as job files write it; null: it is none.</summary>
    internal static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    // As YAML reads plain values.
    private static object Typed(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => text,
    };

    /// <summary>The server of a model of type openai.</summary>
    public OpenAIServer Server => new()
    {
        Endpoint = new Uri(Text("url")),
        Model = Text("served"),
        Revision = Text("revision"),
        ContextLength = ContextLimit,
        KeyVariable = TextOrNull("keyVariable"),
        KeyHeader = Choice<KeyHeader>("keyHeader"),
        ApiVersion = TextOrNull("apiVersion"),
        CheckModel = Boolean("checkModel"),
    };

    /// <summary>How the server of a model of type openai is called.</summary>
    public TeacherOptions Calls => new()
    {
        MaximumConcurrency = Integer("maxConcurrency"),
        InitialConcurrency = Math.Min(new TeacherOptions().InitialConcurrency, Integer("maxConcurrency")),
        RequestTimeout = TimeSpan.FromSeconds(Number("requestTimeout")),
        Patience = TimeSpan.FromSeconds(Number("patience")),
        RequestsPerMinute = IntegerOrNull("requestsPerMinute"),
        TokensPerMinute = IntegerOrNull("tokensPerMinute"),
        MaxTokens = IntegerOrNull("maxTokens"),
        MaxCost = Number("maxCost") > 0 ? (decimal)Number("maxCost") : null,
        InputPricePerMillion = (decimal)Number("inputPrice"),
        OutputPricePerMillion = (decimal)Number("outputPrice"),
    };

    /// <summary>What its calls cost; null where neither price is set.</summary>
    public ModelPrice? Price => Given.ContainsKey("inputPrice") || Given.ContainsKey("outputPrice")
        ? new((decimal)Number("inputPrice"), (decimal)Number("outputPrice"))
        : null;
}

/// <summary>A stage of the section <c>stages</c>; its options are read by name.</summary>
public sealed class StageOptions : OptionValues
{
    internal StageOptions(SectionDefinition stage, IReadOnlyDictionary<string, object> given)
        : base(stage, $"stages.{stage.Name}", given) =>
        Name = stage.Name;

    /// <summary>The stage.</summary>
    public string Name { get; }
}
