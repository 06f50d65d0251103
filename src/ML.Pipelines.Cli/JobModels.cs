using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Compression;
using ML.Pipelines.Models;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Tokenization;
using ML.Pipelines.OpenAI;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Cli;

/// <summary>The models of a job, loaded once each.</summary>
internal sealed class JobModels : IDisposable
{
    /// <summary>Where a server's tokenizer is not known, a token is taken for as many characters in an estimate.</summary>
    private const int CharactersAToken = 4;

    private readonly Dictionary<string, ILanguageScorer> _scorers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TeacherInfo> _teachers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxChatClient> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Teacher> _open = new(StringComparer.Ordinal);
    private readonly Job _job;
    private readonly Action<string> _notice, _outage;

    private JobModels(Job job, Action<string> notice)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        // Each model would say that it runs on the CPU.
        (_job, _notice, _outage) = (job, text => { if (said.Add(text)) notice(text); }, notice);
    }

    /// <summary>Loads the models that the stages name.</summary>
    /// <param name="job">The job.</param>
    /// <param name="notice">Called with what a person should know, e.g. that the CPU is used.</param>
    public static JobModels Load(Job job, Action<string> notice)
    {
        var models = new JobModels(job, notice);
        try
        {
            foreach (var name in models.Used("scorer")) models._scorers.Add(name, models.CreateScorer(job.Models[name]));
            foreach (var name in models.Used("teacher")) models._teachers.Add(name, models.Describe(job.Models[name]));
            return models;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>The tokens that models in this process have read.</summary>
    public long TokensForwarded => _scorers.Values.OfType<OnnxLanguageScorer>().Sum(scorer => scorer.Statistics.TokensForwarded);

    /// <summary>Each model's fingerprint; a model that is asked and scores, too, has two.</summary>
    public IReadOnlyDictionary<string, string> Fingerprints => _teachers.Select(model => KeyValuePair.Create(model.Key, model.Value.Fingerprint))
        .Concat(_scorers.Select(model => KeyValuePair.Create(ScorerKey(model.Key), model.Value.Info.Fingerprint)))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>The prices that the job gives, by the same names.</summary>
    public IReadOnlyDictionary<string, ModelPrice> Prices => _teachers.Keys.Select(name => (Key: name, Name: name))
        .Concat(_scorers.Keys.Select(name => (Key: ScorerKey(name), Name: name))).Where(model => _job.Models[model.Name].Price is not null)
        .ToDictionary(model => model.Key, model => _job.Models[model.Name].Price!, StringComparer.Ordinal);

    /// <summary>The name that a scorer has in fingerprints, prices and usage.</summary>
    public string ScorerKey(string name) => _teachers.ContainsKey(name) ? $"{name} (scorer)" : name;

    /// <summary>A model that scores, by its name in the job.</summary>
    public ILanguageScorer Scorer(string name) => _scorers[name];

    /// <summary>A model that scores words, by its name in the job.</summary>
    public IWordScorer Words(string name) => new LanguageWordScorer((ITextScorer)_scorers[name], _scorers[name]);

    /// <summary>What checks the chains of a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="journal">Keeps scores.</param>
    public ChainTools Tools(StageOptions stage, IReplyJournal journal) =>
        stage.Text("scorer") is { Length: > 0 } name ? new(Scorer(name), journal) : new();

    /// <summary>The same without asking a model.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="report">Is told the model's name and what a call would take; from any thread.</param>
    public ChainTools CountingTools(StageOptions stage, Action<string, ModelUsage> report) => stage.Text("scorer") is { Length: > 0 } name
        ? new(new EstimatingLanguageScorer(Scorer(name)), new EstimatingJournal(used => report(ScorerKey(name), used)))
        : new();

    /// <summary>A model that is asked, by its name in the job.</summary>
    /// <param name="name">The name.</param>
    /// <param name="journal">Keeps its replies.</param>
    public Teacher Teacher(string name, IReplyJournal journal)
    {
        if (!_open.TryGetValue(name, out var teacher)) _open.Add(name, teacher = CreateTeacher(_job.Models[name], journal));
        return teacher;
    }

    /// <summary>What a teacher is.</summary>
    public TeacherInfo TeacherInfo(string name) => _teachers[name];

    /// <summary>The tokens of a text for a teacher, for estimates.</summary>
    public int EstimateTokens(string name, string text) =>
        _clients.TryGetValue(name, out var client) ? Count(client.Tokenizer, text) : (text.Length + CharactersAToken - 1) / CharactersAToken;

    /// <summary>Asks the servers of all models whether they take the key and serve the model; costs nothing.</summary>
    /// <exception cref="PipelineException">A server does not, or cannot be reached.</exception>
    public void CheckServers()
    {
        foreach (var model in Used("scorer").Union(Used("teacher"), StringComparer.Ordinal).Select(name => _job.Models[name]).Where(model => model.Type == ModelType.Openai))
            OpenAITeacher.CheckAsync(model.Server, model.Calls with { Patience = TimeSpan.Zero }).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        foreach (var teacher in _open.Values) teacher.Dispose();
        foreach (var client in _clients.Values) client.Dispose();
        foreach (var scorer in _scorers.Values) scorer.Dispose();
    }

    private IEnumerable<string> Used(string role) => _job.Stages.Where(stage => stage.Names.Contains(role)).Select(stage => stage.Text(role))
        .Where(name => name.Length > 0).Distinct(StringComparer.Ordinal);

    private ILanguageScorer CreateScorer(ModelOptions model) => model.Type == ModelType.Openai
        ? new CompletionsScorer(model.Server, new()
        {
            ContextLength = model.ContextLimit ?? throw new PipelineException(ErrorCode.Configuration,
                $"models.{model.Name}.contextLength: missing, but required of a scorer on a server. Give the most tokens that the model takes."),
            Tokenizer = model.Text("tokenizer") is { Length: > 0 } folder ? HuggingFaceTokenizer.FromFile(TokenizerFile(folder)) : null,
        }, Calls(model))
        : OnnxLanguageScorer.Create(Files(model), Placed(new OnnxScorerOptions(), model));

    /// <summary>The tokenizer's file in the folder of a model on a server.</summary>
    public static string TokenizerFile(string folder) => Path.Combine(folder, "tokenizer.json");

    private TeacherInfo Describe(ModelOptions model)
    {
        if (model.Type == ModelType.Openai) return OpenAITeacher.Info(model.Server);
        var client = OnnxChatClient.Load(Files(model), Placed(model.Chat, model));
        _clients.Add(model.Name, client);
        return client.Info;
    }

    private Teacher CreateTeacher(ModelOptions model, IReplyJournal journal) => model.Type == ModelType.Openai
        ? OpenAITeacher.Create(model.Server, Calls(model), journal)
        : new Teacher(_clients[model.Name], _clients[model.Name].Info, journal);

    private TeacherOptions Calls(ModelOptions model) => model.Calls with { Notice = _outage };

    private static int Count(ITokenizer tokenizer, string text)
    {
        var ids = new List<int>();
        tokenizer.Encode(text, ids);
        return ids.Count;
    }

    private T Placed<T>(T options, ModelOptions model) where T : OnnxSessionOptions => options with
    {
        Provider = Enum.Parse<OnnxProvider>(model.Provider.ToString()),
        IntraOpThreads = model.Threads,
        ContextLength = model.ContextLimit,
        Notice = _notice,
    };

    private static OnnxModel Files(ModelOptions model) => model.IsBundled ? OnnxModel.Bundled : OnnxModel.FromFolder(model.Model);
}
