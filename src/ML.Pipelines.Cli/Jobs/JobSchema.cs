using ML.Pipelines.Compression;
using ML.Pipelines.Data;
using ML.Pipelines.Filtering;
using ML.Pipelines.Formatting;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OpenAI;
using ML.Pipelines.Pruning;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Runs;
using ML.Pipelines.Teachers;
using ML.Pipelines.Text;
using ML.Pipelines.Traces;
using Option = ML.Pipelines.Cli.Jobs.OptionDefinition;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>The one table of everything that a job file can say. Parsing, fingerprint, JSON schema and docs read it.</summary>
/// <remarks>Defaults come from the options records of the library, so that both always agree.</remarks>
public static class JobSchema
{
    /// <summary>What a path option of a model takes for the model that comes with the program.</summary>
    public const string BundledModel = "bundled";

    /// <summary>What the option of a prompt takes for the one that fits stage and teacher.</summary>
    public const string AutoPrompt = "auto";

    private static readonly JsonLinesOptions Lines = new();
    private static readonly StepSegmenterOptions Steps = new();
    private static readonly PruningOptions Prune = new();
    private static readonly MessageOptions Messages = new();
    private static readonly TeacherOptions Calls = new();
    private static readonly OnnxChatClientOptions Chat = new();
    private static readonly FuzzyFilterOptions Similar = new();
    private static readonly WordChoiceOptions Words = new();
    private static readonly RewritingOptions Rewrite = new() { Prompt = PromptTemplate.Open("dap-rewrite") };

    /// <summary>The options beside the sections.</summary>
    public static SectionDefinition Top { get; } = new("", "The job.",
    [
        Option.Text("name",
            "The job's name in logs and reports; without one, the job file's name.") with { Fingerprint = FingerprintRole.Ignored },
    ]);

    /// <summary>What is read.</summary>
    public static SectionDefinition Input { get; } = new("input", "What is read.",
    [
        Option.TextList("files", "Files or globs (* and **), relative to the job file; on the command line, to the current directory.") with
        {
            Requirement = Requirement.InFileOrCommandLine, Fingerprint = FingerprintRole.ByContent, IsPath = true,
        },
        Option.Choice("format", "The files' format; auto goes by the extension.", InputFormat.Auto),
        Option.TextList("columns", "The columns to read; without any, all are."),
        Option.Boolean("leaveOutUnsupported", "Whether columns of a type that cannot be read are left out instead of refused.",
            Lines.LeaveOutUnsupported),
        Option.Integer("maxRowBytes",
            "The most bytes a line of JSON Lines may have; a longer one goes to quarantine.", Lines.MaxRowBytes, 1),
    ]);

    /// <summary>What is written.</summary>
    public static SectionDefinition Output { get; } = new("output", "What is written.",
    [
        Option.Text("folder", "The folder of the result, relative to the job file; on the command line, to the current directory.") with
        {
            Requirement = Requirement.InFileOrCommandLine, Fingerprint = FingerprintRole.Ignored, IsPath = true,
        },
        Option.Integer("shardRows", "The most input rows a shard, the unit of resuming.", 1000, 1),
        Option.Integer("shardBytes", "The most bytes of input rows a shard, which is in memory as a whole; a single row may have more.",
            RunDefinition.DefaultShardBytes, 1),
        Option.Choice("engine", "What writes Parquet; auto takes the first that is there.", ShardEngine.Auto)
            with { Fingerprint = FingerprintRole.Resolved },
        Option.Integer("rowGroupRows", "Rows a Parquet row group.", 1000, 1),
        Option.Number("maxQuarantined", "The share of rows that may be quarantined; with more the run ends with exit code 4.",
            0.1, 0, 1)
            with { Fingerprint = FingerprintRole.Ignored },
    ]);

    /// <summary>What the finished data set must be like.</summary>
    public static SectionDefinition Gates { get; } = new("gates",
        "What the finished data set must be like; a run that is not ends with exit code 3. A gate that is not set is not checked.",
    [
        Option.Number("minKept", "The least share of input rows that are kept.", 0, 0, 1) with { Fingerprint = FingerprintRole.Ignored },
        Option.Number("minTokenReduction", "The least mean token reduction, 1 - tokens after / tokens before.", -1000, -1000, 1)
            with { Fingerprint = FingerprintRole.Ignored },
        Option.Number("maxTokenReduction", "The greatest mean token reduction.", 1, -1000, 1) with { Fingerprint = FingerprintRole.Ignored },
        Option.Number("minAnswerEquivalence", "The least share of rows with an answer whose solution states an equivalent one.", 0, 0, 1)
            with { Fingerprint = FingerprintRole.Ignored },
        Option.Boolean("noEmptyMessages", "Whether a row with a missing or blank message fails the run.", false)
            with { Fingerprint = FingerprintRole.Ignored },
    ]);

    /// <summary>The options of one model; the section <c>models</c> holds any number by name.</summary>
    public static SectionDefinition Model { get; } = new("models", "The models that stages name.",
    [
        Option.Choice("type", "The kind of model.", ModelType.Onnx) with { Requirement = Requirement.InFile },
        Option.Text("model", "The folder of model and tokenizer; bundled is the small model that comes with mlpipe.", BundledModel) with
        {
            Fingerprint = FingerprintRole.ByContent, IsPath = true, PathKeywords = [BundledModel],
        },
        Option.Choice("provider", "What it runs on; auto takes a GPU where there is one.", ModelProvider.Auto)
            with { Fingerprint = FingerprintRole.Resolved },
        Option.Integer("threads", "CPU threads; 0 takes all cores.", 0, 0) with { Fingerprint = FingerprintRole.Ignored },
        Option.Integer("contextLength", "The most tokens of a text with its answer; 0 is the model's own limit.", 0, 0),
        Option.Number("inputPrice", "What a million tokens cost that the model reads; unknown where it is not set.", 0, 0, 1_000_000)
            with { Fingerprint = FingerprintRole.Ignored },
        Option.Number("outputPrice", "What a million tokens cost that the model writes; as inputPrice.", 0, 0, 1_000_000)
            with { Fingerprint = FingerprintRole.Ignored },
        .. Local,
        .. Server,
    ]);

    /// <summary>The options of models in the process that are asked.</summary>
    private static OptionDefinition[] Local =>
    [
        Option.TextMap("templateVariables", "onnx: further variables of the chat template, e.g. enable_thinking: false."),
        Option.Text("templateDate", "onnx: the day, e.g. 2026-07-31, that chat templates print as today; without one they print none or a fixed one."),
        Option.Integer("maxRows", "onnx: the most replies that are decoded at once.", Chat.MaxRows, 1) with { Fingerprint = FingerprintRole.Ignored },
        Option.Integer("maxCacheTokens", "onnx: the most tokens of all key-value caches together; a single reply may need more.",
            Chat.MaxCacheTokens, 1) with { Fingerprint = FingerprintRole.Ignored },
    ];

    /// <summary>The options of models on a server.</summary>
    private static OptionDefinition[] Server =>
    [
        Option.Text("url", "openai: the address that chat/completions is appended to, e.g. http://localhost:8000/v1.") with { Fingerprint = FingerprintRole.Ignored },
        Option.Text("served", "openai: the model's name at the server; for Azure OpenAI the deployment's."),
        Option.Text("revision", "openai: what tells versions behind the same name apart, e.g. a date."),
        Option.Text("keyVariable", "openai: the environment variable that holds the key; without one, no key is sent.")
            with { Fingerprint = FingerprintRole.Ignored },
        Option.Choice("keyHeader", "openai: how the key is sent; api-key is Azure OpenAI's way.", KeyHeader.Bearer) with { Fingerprint = FingerprintRole.Ignored },
        Option.Text("apiVersion", "openai: the api-version of Azure OpenAI's dated API.") with { Fingerprint = FingerprintRole.Ignored },
        Option.Boolean("checkModel", "openai: whether key and model are checked before the first call; Azure's deployments cannot be.", true)
            with { Fingerprint = FingerprintRole.Ignored },
        Option.Text("tokenizer", "openai: the folder of the served model's tokenizer.json; a scorer then leaves out exactly a step's tokens.") with
        {
            Fingerprint = FingerprintRole.ByContent, IsPath = true,
        },
        Option.Integer("maxConcurrency", "openai: the most calls at once; fewer are made while the server turns calls away.", Calls.MaximumConcurrency, 1, 4096)
            with { Fingerprint = FingerprintRole.Ignored },
        Option.Integer("requestsPerMinute", "openai: the requests a minute that the server allows; 0: no limit.", 0, 0) with { Fingerprint = FingerprintRole.Ignored },
        Option.Integer("tokensPerMinute", "openai: the tokens a minute that the server allows; 0: no limit.", 0, 0) with { Fingerprint = FingerprintRole.Ignored },
        Option.Number("requestTimeout", "openai: the seconds after which a call that has no answer is made again.", Calls.RequestTimeout.TotalSeconds, 0.001, 86_400)
            with { Fingerprint = FingerprintRole.Ignored },
        Option.Number("patience", "openai: the seconds that a server may turn calls away or be away before the run stops.", Calls.Patience.TotalSeconds, 0, 86_400)
            with { Fingerprint = FingerprintRole.Ignored },
        Option.Integer("maxTokens", "openai: the tokens after which the run stops with exit code 75; 0: no budget.", 0, 0) with { Fingerprint = FingerprintRole.Ignored },
        Option.Number("maxCost", "openai: the cost, in the currency of the prices, after which the run stops with exit code 75; 0: no budget.", 0, 0, 1e12)
            with { Fingerprint = FingerprintRole.Ignored },
    ];

    /// <summary>The options that a model of a type cannot have, because they are the other type's.</summary>
    public static IReadOnlyList<string> Foreign(ModelType type) => type == ModelType.Openai
        ? ["model", "provider", "threads", .. Local.Select(option => option.Name)]
        : [.. Server.Select(option => option.Name)];

    /// <summary>The stages.</summary>
    public static IReadOnlyList<SectionDefinition> Stages { get; } =
    [
        new("adapt", "Reads any known data set schema into id, question, reasoning, answer and solution.",
        [
            Option.Text("schema", "The row schema's name; auto goes by the columns.", "auto"),
            Option.TextMap("map",
                "Fields of a trace by the expression that reads them, in place of the schema's, e.g. question: prompt.", TraceColumns.All),
            Option.Text("idColumn", "The column of ids; without one, what the schema says, else id."),
            Option.Text("source", "The source of all rows; without one, what the schema says, else the column source."),
        ]),
        new("deduplicate", "Drops rows whose text is nearly that of an earlier row that stays.", [SimilarColumn, SimilarRatio]),
        new("decontaminate", "Drops rows whose text is nearly one of a benchmark's.",
        [
            SimilarColumn, SimilarRatio,
            Option.TextList("references", "The benchmark's JSON Lines files.") with
            {
                Requirement = Requirement.InFile, Fingerprint = FingerprintRole.ByContent, IsPath = true,
            },
            Option.Text("referenceColumn", "The column of the benchmark's texts.", "question"),
        ]),
        .. FilterStages.All,
        new("segment", "Divides the reasoning into steps.",
        [
            Option.Integer("targetSentences",
                "Sentences at which a step is full and closes at the next paragraph.", Steps.TargetSentences, 1),
            Option.Integer("maxSentences", "The most sentences a step; at least targetSentences.", Steps.MaxSentences, 1),
            Option.Integer("maxStepLength", "The most UTF-16 code units a step.", Steps.MaxStepLength, 16),
            Option.Boolean("breakAtReflectionInParagraph", "Whether 'Wait' or 'Alternatively' inside a paragraph starts a step.",
                Steps.BreakAtReflectionInParagraph),
            OptionalTeacher("that divides the chain; a division that is not the chain to the letter is made without it"), Prompt,
        ]),
        new("classify", "Names each step's category: progressive, verification, multi-method-validation or error-correction.",
        [
            OptionalTeacher("that is asked of steps without a marker phrase; without one, such steps are progressive"), Prompt,
        ]),
        new("prune", "Removes the least important functional steps (PIR).",
        [
            Option.Text("scorer",
                "The model, by its name in models, that scores steps and counts tokens.") with { Requirement = Requirement.InFile },
            Option.Number("ratio", "The share of candidate steps to remove.", Prune.Ratio, 0, 1),
            Option.Choice("method",
                "pir: functional steps by importance; spirit: all steps by importance; rule: functional steps at random.", Prune.Method),
            Option.Choice("scope", "Over what the ratio counts: each solution, or one threshold a category for the corpus.", Prune.Scope),
            Option.Integer("seed", "Seeds the choice of method rule.", Prune.Seed),
            Option.Text("prefix", "The text before the chain in the scored context; {question} stands for the question.", Prune.Prefix),
            Option.Text("bridge", "The text between chain and answer in the scored context.", Prune.Bridge),
            Option.Choice("cutOff", "What happens to traces that were cut off before they closed.", Prune.CutOff),
            Option.Choice("wrongAnswer", "What happens to traces whose answer is not the gold answer.", Prune.WrongAnswer),
            Option.Choice("noAnswer", "What happens to traces without any answer; kept, they stay unpruned.", Prune.NoAnswer),
            Option.Boolean("guardCorrections", "Whether an error correction goes only together with the step that it corrects.", Prune.GuardCorrections),
            Option.Choice("overflow", "What happens to chains longer than the scorer's context.", Prune.Overflow),
        ]),
        new("judge", "Asks a teacher how hard each question is: simple, moderate or hard (DAP).",
        [
            Teacher, Prompt, MaxOutputTokens, Concurrency,
        ]),
        new("rewrite", "Has a teacher rewrite the chain in the frame of its difficulty, and checks the result (DAP).",
        [
            Teacher, Prompt, .. Gated,
            Option.Boolean("tags", "Whether replies have thought and solution between begin/end tags instead of a heading before the solution.", Rewrite.Tags),
            Option.Integer("maxSimpleSolution", "The most characters of the solution of a simple question.", Rewrite.MaxSimpleSolution, 1),
            Option.Integer("maxModerateSolution", "The most characters of the solution of a moderate question.", Rewrite.MaxModerateSolution, 1),
            Option.Integer("maxHardSolution", "The most characters of the solution of a hard question.", Rewrite.MaxHardSolution, 1),
        ]),
        new("compress", "Compresses the chain, as far as possible or at rates, and checks the result (C3oT).",
        [
            Option.Choice("compressor", "What compresses: a teacher, or without one the words' self-information, which needs scorer and rates.",
                ChainCompressor.Teacher),
            OptionalTeacher("that is asked; compressor teacher needs one"), Prompt, .. Gated,
            Option.TextList("rates", "The shares of words to take out, above 0 and below 1. Without any, a teacher takes out as many as possible."),
            Option.Choice("layout", "Whether each rate gives a row, or all are columns of the row, short_50 (percent) or short, beside its own chain.",
                RateLayout.Rows),
            Option.Choice("method", "self-information: how words that go are chosen; answer-aware also by what each does for the answer's likelihood.",
                Words.Method),
            Option.TextList("protect", "self-information: phrases whose words stay wherever they stand in a chain."),
            Option.Integer("maxSegments", "self-information: the most segments that are left out in turn to learn what words do for the answer.",
                Words.MaxSegments, 1),
        ]),
        SelectRateStage.Definition,
        new("format", "Builds the messages that a trainer reads.",
        [
            Option.Choice("columns", "messages: that column; litecot: system_prompt, problem, solution and messages, in place of question, "
                + "reasoning and system.", FormatColumns.Messages),
            Option.Choice("solutionMark", "litecot: what tells thought and solution apart; auto: as stages.rewrite.tags says, without that "
                + "stage tags.", SolutionMark.Auto),
            Option.Text("systemPrompt", "litecot: the system prompt of rows without one; where it is not set, one that describes the frames."),
            Option.Text("thoughtOpen", "messages: what opens the chain in the assistant's turn.", Messages.ThoughtOpen),
            Option.Text("thoughtClose", "messages: what closes the chain; the solution follows.", Messages.ThoughtClose),
        ]),
        .. FormatStages.All,
    ];

    private static OptionDefinition SimilarColumn => Option.Text("column", "The column of texts.", "question");

    private static OptionDefinition SimilarRatio => Option.Number("ratio",
        "The least normalised indel ratio, 100 x 2 x LCS / (length + length), of texts that are taken for the same.", (double)Similar.Ratio, 0.01, 100);

    private static OptionDefinition Teacher => Option.Text("teacher", "The model, by its name in models, that is asked.") with { Requirement = Requirement.InFile };

    private static OptionDefinition OptionalTeacher(string role) => Option.Text("teacher", $"The model, by its name in models, {role}.");

    internal static OptionDefinition MaxOutputTokens => Option.Integer("maxOutputTokens", "The most tokens of a reply; 0: the model's limit.", 0, 0);

    internal static OptionDefinition Concurrency =>
        Option.Integer("concurrency", "Rows in work at once.", Rewrite.Concurrency, 1, 4096) with { Fingerprint = FingerprintRole.Ignored };

    /// <summary>The options of stages whose chains are checked.</summary>
    private static OptionDefinition[] Gated =>
    [
        Option.Text("scorer", "The model, by its name in models, that counts tokens, scores answers and prunes; without one, words are counted."),
        Option.Integer("retries", "How often a reply that fails a check is asked for again, with what was wrong.", Rewrite.Retries, 0, 100),
        Option.Choice("fallback", "What happens where no reply passes: the row's chain stays, is pruned (PIR), or the row is dropped.", Rewrite.Fallback),
        Option.Number("minReduction", "The least share of tokens by which a chain must be shorter.", Rewrite.MinReduction, 0, 0.999),
        Option.Number("minNumbers", "The least share of the question's numbers that the chain uses and must keep.", Rewrite.MinNumbers, 0, 1),
        Option.Number("maxAnswerLossIncrease", "The most nats per answer token by which the answer may become less likely; needs scorer.", 0, -1000, 1000),
        Option.Number("temperature", "The temperature of sampling; 0 is greedy.", Rewrite.Temperature, 0, 10),
        Option.Integer("seed", "Seeds sampling.", (int)Rewrite.Seed),
        MaxOutputTokens, Concurrency,
    ];

    private static OptionDefinition Prompt => Option.Text(
        "prompt", $"The prompt: {string.Join(", ", PromptTemplate.Names)}, a file, or auto: what fits stage and teacher.", AutoPrompt) with
    {
        Fingerprint = FingerprintRole.ByContent,
        IsPath = true,
        PathKeywords = [AutoPrompt, .. PromptTemplate.Names],
    };

    /// <summary>The names that the top of a job file may have, in order.</summary>
    public static IReadOnlyList<string> TopNames { get; } = ["name", "input", "output", "models", "stages", "gates"];

    /// <summary>All groups of options.</summary>
    public static IEnumerable<SectionDefinition> Sections => [Top, Input, Output, Model, .. Stages, Gates];

    /// <summary>The stage of a name; null: there is none.</summary>
    public static SectionDefinition? FindStage(string name) => Stages.FirstOrDefault(stage => stage.Name == name);
}
