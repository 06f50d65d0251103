using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.OnnxRuntime;

namespace ML.Pipelines.Cli;

/// <summary>The models of a job, loaded once each.</summary>
internal sealed class JobModels : IDisposable
{
    private readonly Dictionary<string, OnnxLanguageScorer> _scorers = new(StringComparer.Ordinal);

    /// <summary>Loads the models that the stages name.</summary>
    /// <param name="job">The job.</param>
    /// <param name="notice">Called with what a person should know, e.g. that the CPU is used.</param>
    public static JobModels Load(Job job, Action<string> notice)
    {
        var models = new JobModels();
        try
        {
            foreach (var name in Used(job)) models._scorers.Add(name, Create(job.Models[name], notice));
            return models;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>The tokens that all models have read.</summary>
    public long TokensForwarded => _scorers.Values.Sum(scorer => scorer.Statistics.TokensForwarded);

    /// <summary>Each model's fingerprint; the provider is part of it because its last digits differ.</summary>
    public IReadOnlyDictionary<string, string> Fingerprints =>
        _scorers.ToDictionary(model => model.Key, model => $"{model.Value.Info.Fingerprint}@{model.Value.Provider}".ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>A model by its name in the job.</summary>
    public OnnxLanguageScorer Scorer(string name) => _scorers[name];

    public void Dispose()
    {
        foreach (var scorer in _scorers.Values) scorer.Dispose();
    }

    private static IEnumerable<string> Used(Job job) =>
        job.Stages.Where(stage => stage.Name == "prune").Select(stage => stage.Text("scorer")).Distinct(StringComparer.Ordinal);

    private static OnnxLanguageScorer Create(ModelOptions model, Action<string> notice) =>
        OnnxLanguageScorer.Create(model.IsBundled ? OnnxModel.Bundled : OnnxModel.FromFolder(model.Model), new()
        {
            Provider = Enum.Parse<OnnxProvider>(model.Provider.ToString()),
            IntraOpThreads = model.Threads,
            ContextLength = model.ContextLength > 0 ? model.ContextLength : null,
            Notice = notice,
        });
}
