using System.Globalization;
using System.Net.Http.Json;
using ML.Pipelines.Models;
using ML.Pipelines.Pruning;

namespace ML.Pipelines.RunHost;

/// <summary>A scorer whose calls a server sees: it posts each row's id and takes the importances that come back.</summary>
internal sealed class RemoteScorer(Uri server) : IStepScorer, IDisposable
{
    private readonly HttpClient _client = new();

    public ScorerInfo Info { get; } = new("remote", "remote-1", 1000);

    public async ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken)
    {
        var tokens = request.Steps.Select(step => step.In(request.Reasoning).ToString().Split(' ').Length).ToArray();
        var importance = new double?[request.Steps.Count];
        if (request.Answer is null || request.Candidates.Count == 0) return new(tokens, importance);
        var address = new Uri(server, string.Create(CultureInfo.InvariantCulture, $"score?row={request.RowId}&candidates={request.Candidates.Count}"));
        var scores = await _client.GetFromJsonAsync<double[]>(address, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < request.Candidates.Count; i++) importance[request.Candidates[i]] = scores![i];
        return new(tokens, importance, InputTokens: tokens.Sum());
    }

    public void Dispose() => _client.Dispose();
}
