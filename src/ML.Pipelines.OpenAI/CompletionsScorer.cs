using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ML.Pipelines.Models;
using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;

namespace ML.Pipelines.OpenAI;

/// <summary>Leave-one-out and token-by-token scoring over <c>/v1/completions</c> with <c>echo</c> and <c>logprobs</c>: vLLM, SGLang and whoever has
/// both.</summary>
/// <remarks>
/// The chain and each variant are a request of their own, all at once as far as the concurrency allows; a server with prefix caching
/// computes what they share once. With a tokenizer, prompts are token ids, piece by piece, as <see cref="ILanguageScorer"/> has it.
/// Without one they are text: tokens may join over the pieces' edges, numbers of tokens are estimates of four bytes a token, and
/// a server may put a begin-of-text token first; scores are then comparable with each other, but not exactly with those of ids. Texts
/// are scored token by token only with a tokenizer that knows what each id stands for (<see cref="ISpanTokenizer"/>).
/// </remarks>
public sealed class CompletionsScorer : ILanguageScorer, ITextScorer
{
    private readonly ServerConnection _connection;
    private readonly ModelCheck _check;
    private readonly CompletionsScorerOptions _options;

    /// <summary>A scorer; nothing is sent before the first request.</summary>
    /// <param name="server">The model and its server.</param>
    /// <param name="options">How it is asked.</param>
    /// <param name="calls">How the server is called; null: the defaults.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.Configuration"/>: an option is out of range; <see cref="ErrorCode.TeacherUnauthorized"/>: the key's variable
    /// is not set.
    /// </exception>
    public CompletionsScorer(OpenAIServer server, CompletionsScorerOptions options, TeacherOptions? calls = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        // Who scores a row tells telemetry of it: tokens would count twice.
        Policies = new CallPolicies(calls ?? new(), operation: null, server.Model, time);
        _connection = new ServerConnection(server);
        _check = new ModelCheck(_connection);
        Info = new(server.Model, Fingerprint(server, options), options.ContextLength);
    }

    /// <inheritdoc/>
    public ScorerInfo Info { get; }

    /// <summary>How the server is doing, and what its calls took.</summary>
    public CallPolicies Policies { get; }

    /// <inheritdoc/>
    /// <remarks>Without a tokenizer an estimate: four UTF-8 bytes a token.</remarks>
    public int CountTokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_options.Tokenizer is not { } tokenizer) return PromptPieces.Estimate(text);
        var ids = new List<int>();
        tokenizer.Encode(text, ids);
        return ids.Count;
    }

    /// <inheritdoc/>
    /// <exception cref="TeacherFaultException">The server fails at this request, at every try: a fault of the request alone.</exception>
    /// <exception cref="PipelineException">
    /// The configuration is wrong or the server is away; <see cref="ErrorCode.TokenizerMismatch"/>: the server counts other tokens;
    /// <see cref="ErrorCode.NotFinite"/>: a score is no number, which concerns this request alone.
    /// </exception>
    /// <exception cref="BudgetSpentException">The budget is spent.</exception>
    public async ValueTask<LeaveOneOutResult> LeaveOneOutAsync(LeaveOneOutRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var pieces = PromptPieces.Of(request, _options);
        return await ScoreAsync(pieces, request.LeaveOut, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="TeacherFaultException">As <see cref="LeaveOneOutAsync"/>.</exception>
    /// <exception cref="PipelineException">As <see cref="LeaveOneOutAsync"/>; <see cref="ErrorCode.Configuration"/>: there is no tokenizer
    /// that knows what its ids stand for.</exception>
    /// <exception cref="BudgetSpentException">The budget is spent.</exception>
    public async ValueTask<TextScores> ScoreTextAsync(string context, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(text);
        if (_options.Tokenizer is not ISpanTokenizer tokenizer)
            throw new PipelineException(ErrorCode.Configuration, $"{nameof(CompletionsScorerOptions)}.{nameof(CompletionsScorerOptions.Tokenizer)} "
                + "must be one that knows what its ids stand for, for texts to be scored token by token. Give the served model's.");
        var tokens = tokenizer.Tokenize(text);
        if (tokens.Ids.Count == 0) return new() { Tokens = [] };
        var result = await ScoreAsync(PromptPieces.OfText(context, tokens, _options), [], cancellationToken).ConfigureAwait(false);
        return new()
        {
            Tokens = [.. tokens.Spans.Zip(result.Full, (span, score) => new TokenScore(span, score))],
            InputTokens = result.InputTokens,
            Overflow = result.Overflow,
        };
    }

    private async ValueTask<LeaveOneOutResult> ScoreAsync(PromptPieces pieces, IReadOnlyList<int> leaveOut, CancellationToken cancellationToken)
    {
        if (pieces.IsExact && pieces.Tokens > Info.ContextLength) return Overflow(pieces);
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var calls = ((int?[])[null, .. leaveOut.Select(segment => (int?)segment)])
            .Select(without => ScoreAsync(pieces, without, others)).ToArray();
        try
        {
            var scores = await Task.WhenAll(calls).ConfigureAwait(false);
            return new()
            {
                SegmentTokens = pieces.SegmentTokens,
                Full = scores[0].Value,
                Without = [.. scores.Skip(1).Select(score => score.Value)],
                InputTokens = scores.Sum(score => score.InputTokens),
            };
        }
        catch (Exception)
        {
            // The first fault, not the cancellations that followed from it.
            var fault = calls.Select(call => call.Exception?.InnerException).FirstOrDefault(exception => exception is not null);
            if (fault is TeacherFaultException { Kind: TeacherFaultKind.ContextOverflow }) return Overflow(pieces);
            if (fault is TeacherFaultException stop && FaultRule.Of(stop.Kind).StopsRun)
                throw new PipelineException(FaultRule.Of(stop.Kind).Code, stop.Message, stop);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _check.Dispose();
        _connection.Dispose();
    }

    private async Task<CallResult<IReadOnlyList<double>>> ScoreAsync(PromptPieces pieces, int? without, CancellationTokenSource others)
    {
        try
        {
            var tokens = pieces.PromptTokens(without) ?? pieces.Tokens;
            return await Policies.ExecuteAsync(tokens, token => SendAsync(pieces, without, token), others.Token).ConfigureAwait(false);
        }
        catch
        {
            await others.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<CallResult<IReadOnlyList<double>>> SendAsync(
        PromptPieces pieces, int? without, CancellationToken cancellationToken)
    {
        await _check.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var prompt = Body(pieces, without);
        var body = await ServerRequest.SendAsync(_connection, HttpMethod.Post, "completions", prompt,
            cancellationToken).ConfigureAwait(false);
        var echo = EchoedPrompt.Read(body, _options.GeneratedTokens, _connection);
        if (pieces.PromptTokens(without) is { } expected && expected != echo.LogProbabilities.Count)
            throw new PipelineException(ErrorCode.TokenizerMismatch,
                $"{_connection.Place} echoed {echo.LogProbabilities.Count} tokens of {expected}. "
                + "Give the tokenizer of the model that is served, and set GeneratedTokens to what the server needs.");
        return new(echo.Last(pieces.ContinuationTokens(echo.Tokens), _connection), echo.LogProbabilities.Count, 0);
    }

    private ReadOnlyMemory<byte> Body(PromptPieces pieces, int? without)
    {
        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartObject();
        writer.WriteString("model", _connection.Server.Model);
        writer.WritePropertyName("prompt");
        pieces.WritePrompt(writer, without);
        writer.WriteBoolean("echo", true);
        writer.WriteNumber("logprobs", 1);
        writer.WriteNumber("max_tokens", _options.GeneratedTokens);
        writer.WriteNumber("temperature", 0);
        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenMemory;
    }

    private LeaveOneOutResult Overflow(PromptPieces pieces) => new()
    {
        SegmentTokens = pieces.SegmentTokens,
        Full = [],
        Without = [],
        Overflow = new(pieces.Tokens, Info.ContextLength),
    };

    // A tokenizer does not change the model, but what a segment is.
    private static string Fingerprint(OpenAIServer server, CompletionsScorerOptions options)
    {
        var pieces = options.Tokenizer is { } tokenizer ? $"ids {tokenizer.VocabularySize} {options.BeginOfText}" : "text";
        var parts = JsonSerializer.Serialize((string[])["completions", server.Model, server.Revision, pieces, $"{options.ContextLength}"]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)));
    }
}
