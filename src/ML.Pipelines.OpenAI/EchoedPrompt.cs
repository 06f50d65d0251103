using System.Text.Json;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.OpenAI;

/// <summary>The prompt that a server echoed, with the log-probability of each of its tokens after those before.</summary>
/// <param name="Tokens">The tokens as the server spells them.</param>
/// <param name="LogProbabilities">Natural logarithms; null for the first token, which nothing precedes.</param>
internal sealed record EchoedPrompt(IReadOnlyList<string> Tokens, IReadOnlyList<double?> LogProbabilities)
{
    /// <param name="body">The answer.</param>
    /// <param name="generated">The tokens after the prompt.</param>
    /// <param name="connection">The server, for messages.</param>
    /// <exception cref="TeacherFaultException"><see cref="TeacherFaultKind.BrokenReply"/>.</exception>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TeacherUnknownEndpoint"/>: the server does not echo.</exception>
    public static EchoedPrompt Read(string body, int generated, ServerConnection connection)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var choice = json.RootElement.GetProperty("choices")[0];
            if (!choice.TryGetProperty("logprobs", out var scores) || scores.ValueKind != JsonValueKind.Object
                || !scores.TryGetProperty("token_logprobs", out var list))
                throw new PipelineException(ErrorCode.TeacherUnknownEndpoint,
                    $"{connection.Place} does not send the log-probabilities of a prompt. Scoring "
                    + "needs a server whose /v1/completions has echo and logprobs, for example vLLM or SGLang.");
            double?[] values = [.. list.EnumerateArray()
                .Select(value => value.ValueKind == JsonValueKind.Null ? (double?)null : value.GetDouble())];
            string[] tokens = scores.TryGetProperty("tokens", out var names)
                ? [.. names.EnumerateArray().Select(name => name.GetString() ?? "")] : [];
            var written = Math.Min(generated, values.Length);
            return new(tokens.Length < written ? [] : tokens[..^written], values[..^written]);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or IndexOutOfRangeException)
        {
            throw ServerFault.Of(fault, connection);
        }
    }

    /// <summary>The log-probabilities of the last tokens.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotFinite"/>.</exception>
    public IReadOnlyList<double> Last(int count, ServerConnection connection)
    {
        var scores = LogProbabilities.Skip(LogProbabilities.Count - count).ToArray();
        if (scores.Length != count || count == 0 || scores.Any(score => score is not { } value || !double.IsFinite(value)))
            throw new PipelineException(ErrorCode.NotFinite, $"{connection.Place} gave no number for a token of the continuation.");
        // Servers round: a token that is certain may come out a little above.
        return [.. scores.Select(score => Math.Min(0, score!.Value))];
    }
}
