using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using ML.Pipelines.Models;
using ML.Pipelines.OnnxRuntime.Generation;
using ML.Pipelines.OnnxRuntime.Scoring;
using ML.Pipelines.OnnxRuntime.Tokenization;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.OnnxRuntime;

/// <summary>Chats with a causal language model in ONNX Runtime, in this process.</summary>
/// <remarks>
/// Takes Hugging Face Optimum's decoder graphs with a key-value cache, and graphs from tokens to logits without one, with a Jinja chat
/// template in tokenizer_config.json or chat_template.jinja. Calls that come while others are decoded join their batch between two
/// tokens. A reply depends on its messages, its options and the model alone, up to the rounding of sums of other shape. Where the last
/// message is the assistant's, the reply continues it and does not repeat it. Special tokens written in messages are ordinary text. Safe
/// for concurrent calls.
/// <para>
/// Of <see cref="ChatOptions"/> it takes Instructions (a system message before all others), MaxOutputTokens, Temperature (null or 0: the
/// best token is taken), TopP, TopK, Seed (with <see cref="CallProperties.RowId"/>, where there is one), StopSequences, and the property
/// <see cref="CallProperties.RepetitionPenalty"/>. ResponseFormat does not bind the model. Tools, FrequencyPenalty and PresencePenalty are
/// refused.
/// </para>
/// </remarks>
public sealed class OnnxChatClient : IChatClient
{
    private static readonly string[] ConfigurationFiles =
        ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "config.json", "generation_config.json"];

    private readonly DecoderSession _session;
    private readonly HuggingFaceTokenizer _tokenizer;
    private readonly ChatPrompt _prompt;
    private readonly DecodingLoop _loop;
    private readonly ChatCallReader _calls;
    private readonly int _contextLength;
    private readonly ChatClientMetadata _metadata;

    private OnnxChatClient(LoadedModel loaded, HuggingFaceTokenizer tokenizer, OnnxModel model, OnnxChatClientOptions options)
    {
        var configuration = ModelConfiguration.Read(model);
        loaded.RequireTokenizer(tokenizer, configuration, model);
        (_session, _tokenizer, Provider) = (loaded.Session, tokenizer, loaded.Provider);
        _prompt = ChatPrompt.Open(model, tokenizer, options);
        _contextLength = configuration.RequireContextLength(model, options);
        StopIds = EndOfText.Ids(model, tokenizer);
        _calls = new(options.MaxOutputTokens ?? EndOfText.MaxNewTokens(model), options.Seed);
        _loop = new(_session, new() { ChunkSize = options.ChunkSize, MaxRows = options.MaxRows, MaxCacheTokens = options.MaxCacheTokens });
        Info = new(model.Name, loaded.Fingerprint(model, ConfigurationFiles, options.ReplySettings), _contextLength);
        _metadata = new("onnxruntime", defaultModelId: model.Name);
    }

    /// <summary>What the model is; its fingerprint is a hash over the files of model, tokenizer and template, where it runs, and the
    /// options that may change a reply.</summary>
    public TeacherInfo Info { get; }

    /// <summary>The model's tokenizer.</summary>
    public ITokenizer Tokenizer => _tokenizer;

    /// <summary>Where the model runs: <see cref="OnnxProvider.Cpu"/> or <see cref="OnnxProvider.Cuda"/>.</summary>
    public OnnxProvider Provider { get; }

    /// <summary>The graph in ONNX Runtime.</summary>
    internal DecoderSession Session => _session;

    /// <summary>The tokens that end a reply; a benchmark takes none, so that all replies have as many.</summary>
    internal IReadOnlyList<int> StopIds { get; set; }

    /// <summary>Loads a model.</summary>
    /// <exception cref="PipelineException">
    /// With <see cref="ErrorCode.DamagedModel"/> (a file is missing or damaged), <see cref="ErrorCode.ModelInputs"/> (not a decoder),
    /// <see cref="ErrorCode.DamagedTokenizer"/>, <see cref="ErrorCode.TokenizerMismatch"/> (more tokens than the model has),
    /// <see cref="ErrorCode.ChatTemplate"/> (there is none, or it cannot be used), or <see cref="ErrorCode.Configuration"/> (an option,
    /// or no CUDA where it is demanded).
    /// </exception>
    public static OnnxChatClient Load(OnnxModel model, OnnxChatClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        options.Validate();
        var tokenizer = HuggingFaceTokenizer.FromModel(model);
        var loaded = LoadedModel.Open(model, options);
        try
        {
            return new(loaded, tokenizer, model, options);
        }
        catch
        {
            loaded.Session.Dispose();
            throw;
        }
    }

    /// <summary>Asks for a whole reply.</summary>
    /// <returns>
    /// The reply; its FinishReason is Stop where the model or a stop sequence ended it, Length where it was cut. Usage counts the prompt's
    /// tokens and all that were decoded, the end of text and stop sequences included.
    /// </returns>
    /// <exception cref="PipelineException">
    /// With <see cref="ErrorCode.ContextOverflow"/>, <see cref="ErrorCode.NotFinite"/> or <see cref="ErrorCode.TokenOutOfRange"/>, which
    /// concern this call alone; with <see cref="ErrorCode.ChatTemplate"/> (the template does not take the messages) or
    /// <see cref="ErrorCode.Configuration"/> (an option); or with <see cref="ErrorCode.DamagedModel"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The client is disposed, or is before the reply's end.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var call = Read(messages, options);
        var text = new ReplyText(_tokenizer, call.StopSequences);
        var row = Row(call, tokens => text.Append(tokens[^1]), cancellationToken);
        var result = await _loop.DecodeAsync(row).ConfigureAwait(false);
        return new(new ChatMessage(ChatRole.Assistant, text.TakeRest()))
        {
            ModelId = Info.Name,
            FinishReason = Reason(result),
            Usage = Usage(call, result),
        };
    }

    /// <summary>Asks for a reply in pieces of whole characters, as they are decoded; the last one has finish reason and usage.</summary>
    /// <exception cref="PipelineException">As <see cref="GetResponseAsync"/>.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed, or is before the reply's end.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages,
        ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var call = Read(messages, options);
        var text = new ReplyText(_tokenizer, call.StopSequences);
        var pieces = Channel.CreateUnbounded<string>(new() { SingleReader = true, SingleWriter = true });
        // A reader that leaves early ends the row.
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var row = Row(call, tokens => Publish(text, tokens[^1], pieces.Writer), reading.Token);
        try
        {
            var decoding = _loop.DecodeAsync(row);
            _ = decoding.ContinueWith(_ => pieces.Writer.Complete(), TaskScheduler.Default);
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return Update(piece);
            var result = await decoding.ConfigureAwait(false);
            if (text.TakeRest() is { Length: > 0 } rest) yield return Update(rest);
            yield return new(ChatRole.Assistant, [new UsageContent(Usage(call, result))])
            {
                ModelId = Info.Name,
                FinishReason = Reason(result),
            };
        }
        finally
        {
            await reading.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What callers ask a client for: <see cref="TeacherInfo"/>, <see cref="ITokenizer"/>, <see cref="ChatClientMetadata"/> or the
    /// client itself; null for all else.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return ((object[])[Info, _tokenizer, _metadata, this]).FirstOrDefault(serviceType.IsInstanceOfType);
    }

    /// <summary>Frees the model; running calls end with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _loop.Dispose();
        _session.Dispose();
    }

    private ChatCall Read(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return _calls.Read([.. messages], options, _prompt.Encode);
    }

    private DecodingRow Row(ChatCall call, Func<IReadOnlyList<int>, bool> stopsAfter, CancellationToken cancellationToken)
    {
        var request = new GenerationRequest(call.Prompt, call.MaxNewTokens) { Sampling = call.Sampling, StopsAfter = stopsAfter };
        return new(request, StopIds, _contextLength, cancellationToken);
    }

    private static bool Publish(ReplyText text, int token, ChannelWriter<string> pieces)
    {
        var stops = text.Append(token);
        if (text.TakeNew() is { Length: > 0 } piece) pieces.TryWrite(piece);
        return stops;
    }

    private ChatResponseUpdate Update(string text) => new(ChatRole.Assistant, text) { ModelId = Info.Name };

    private static ChatFinishReason Reason(GenerationResult result) =>
        result.Finish == FinishReason.Length ? ChatFinishReason.Length : ChatFinishReason.Stop;

    private static UsageDetails Usage(ChatCall call, GenerationResult result) => new()
    {
        InputTokenCount = call.Prompt.Count,
        OutputTokenCount = result.Decoded,
        TotalTokenCount = call.Prompt.Count + result.Decoded,
    };
}
