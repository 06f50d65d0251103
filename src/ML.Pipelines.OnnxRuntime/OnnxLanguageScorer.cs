using System.Collections.Concurrent;
using ML.Pipelines.Models;
using ML.Pipelines.OnnxRuntime.Generation;
using ML.Pipelines.OnnxRuntime.Scoring;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime;

/// <summary>Leave-one-out and token-by-token scoring with a causal language model in ONNX Runtime, in this process.</summary>
/// <remarks>
/// Takes Hugging Face Optimum's decoder graphs with a key-value cache, and graphs from tokens to logits without one. With a cache the
/// whole chain is forwarded once, in chunks, and for each left-out segment only what follows it, on top of the cache of what precedes
/// it; without, every variant is forwarded whole. The output head runs only for the continuation where the graph allows it
/// (<see cref="LogitSelectionFault"/>). A result depends on its request and the options alone, not on other requests. Safe for concurrent
/// calls, each of which holds the cache of its chain and the attention of a chunk.
/// </remarks>
public sealed class OnnxLanguageScorer : ILanguageScorer, ITextScorer
{
    private readonly DecoderSession _session;
    private readonly HuggingFaceTokenizer _tokenizer;
    private readonly object _calls = new();
    private int _running;
    private bool _disposed;
    private readonly OnnxScorerOptions _options;
    private readonly int? _beginOfText;
    private readonly int? _vocabulary;
    private readonly ConcurrentBag<PassBuffers> _buffers = [];
    private readonly Lazy<TokenGenerator> _generator;
    private readonly Lazy<ChatPrompt> _chatPrompt;
    private long _requests, _passes, _tokensForwarded, _minimumTokens;

    private OnnxLanguageScorer(LoadedModel loaded, HuggingFaceTokenizer tokenizer, ModelConfiguration configuration, OnnxModel model,
        OnnxScorerOptions options)
    {
        (_session, _options, _tokenizer, Provider, LogitSelectionFault) = (loaded.Session, options, tokenizer, loaded.Provider,
            loaded.SelectionFault);
        _vocabulary = loaded.Vocabulary(configuration);
        _beginOfText = configuration.BeginOfText is { } token ? tokenizer.SpecialTokenId(token) : null;
        Info = new(model.Name, Fingerprint(model, loaded, options), configuration.RequireContextLength(model, options));
        _generator = new(() => new(_session, Info.ContextLength, EndOfText.Ids(model), new() { ChunkSize = options.ChunkSize }));
        _chatPrompt = new(() => ChatPrompt.Open(model, tokenizer, new()));
        loaded.RequireTokenizer(tokenizer, configuration, model);
    }

    /// <inheritdoc/>
    public ScorerInfo Info { get; }

    /// <summary>The model's tokenizer.</summary>
    public ITokenizer Tokenizer => _tokenizer;

    /// <summary>Where the model runs: <see cref="OnnxProvider.Cpu"/> or <see cref="OnnxProvider.Cuda"/>.</summary>
    public OnnxProvider Provider { get; }

    /// <summary>Why the output head runs for all positions instead of those of the continuation alone; null where it does not.</summary>
    public string? LogitSelectionFault { get; }

    /// <summary>What this scorer has done so far.</summary>
    public ScorerStatistics Statistics =>
        new(Interlocked.Read(ref _requests), Interlocked.Read(ref _passes), Interlocked.Read(ref _tokensForwarded),
            Interlocked.Read(ref _minimumTokens));

    /// <summary>The graph in ONNX Runtime.</summary>
    internal DecoderSession Session => _session;

    /// <summary>The id that a text begins with; null where the model has none.</summary>
    internal int? BeginOfText => _beginOfText;

    /// <summary>Greedy decoding with the same session, which this scorer must outlive.</summary>
    /// <exception cref="PipelineException">As <see cref="EndOfText.Ids(OnnxModel)"/>.</exception>
    internal TokenGenerator Generator => _generator.Value;

    /// <summary>The model's chat template.</summary>
    /// <exception cref="PipelineException">As <see cref="Generation.ChatPrompt.Open"/>.</exception>
    internal ChatPrompt ChatPrompt => _chatPrompt.Value;

    /// <summary>A scorer over <see cref="OnnxModel.Bundled"/>.</summary>
    /// <exception cref="PipelineException">As <see cref="Create"/>.</exception>
    public static OnnxLanguageScorer CreateBundled(OnnxScorerOptions? options = null) => Create(OnnxModel.Bundled, options);

    /// <summary>Loads a model.</summary>
    /// <exception cref="PipelineException">
    /// With <see cref="ErrorCode.DamagedModel"/> (a file is missing or damaged), <see cref="ErrorCode.ModelInputs"/> (not a decoder),
    /// <see cref="ErrorCode.DamagedTokenizer"/>, <see cref="ErrorCode.TokenizerMismatch"/> (more tokens than the model has), or
    /// <see cref="ErrorCode.Configuration"/> (an option, or no CUDA where it is demanded).
    /// </exception>
    public static OnnxLanguageScorer Create(OnnxModel model, OnnxScorerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        options.Validate();
        var tokenizer = HuggingFaceTokenizer.FromModel(model);
        var configuration = ModelConfiguration.Read(model);
        var loaded = LoadedModel.Open(model, options);
        try
        {
            return new(loaded, tokenizer, configuration, model, options);
        }
        catch
        {
            loaded.Session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int CountTokens(string text)
    {
        var ids = new List<int>();
        Tokenizer.Encode(text, ids);
        return ids.Count;
    }

    /// <inheritdoc/>
    /// <exception cref="PipelineException">
    /// With <see cref="ErrorCode.TokenOutOfRange"/> or <see cref="ErrorCode.NotFinite"/>, which concern this request alone, or
    /// <see cref="ErrorCode.DamagedModel"/>.
    /// </exception>
    public ValueTask<LeaveOneOutResult> LeaveOneOutAsync(LeaveOneOutRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new(Task.Run(() => Guarded(() => LeaveOneOut(request, cancellationToken)), cancellationToken));
    }

    /// <inheritdoc/>
    /// <exception cref="PipelineException">As <see cref="LeaveOneOutAsync"/>.</exception>
    public ValueTask<TextScores> ScoreTextAsync(string context, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(text);
        return new(Task.Run(() => Guarded(() => ScoreText(context, text, cancellationToken)), cancellationToken));
    }

    /// <summary>Log-probabilities (nats) of the last ids after those before them.</summary>
    /// <param name="ids">The context and what is scored.</param>
    /// <param name="scored">How many ids at the end are scored; at least one id stands before them.</param>
    /// <param name="cancellationToken">Cancels between model calls.</param>
    /// <exception cref="PipelineException">As <see cref="LeaveOneOutAsync"/>, or with <see cref="ErrorCode.ContextOverflow"/>.</exception>
    internal double[] LogProbabilities(IReadOnlyList<int> ids, int scored, CancellationToken cancellationToken = default)
    {
        if (ids.Count > Info.ContextLength)
            throw new PipelineException(ErrorCode.ContextOverflow,
                $"The text has {ids.Count} tokens; the model takes {Info.ContextLength}. Cut the text, or use a model with a longer "
                + "context.");
        return Guarded(() => Score(new(ids, [ids.Count - scored], scored), [], cancellationToken).Full);
    }

    /// <summary>Frees the model after the calls that are still running; they end at their next model call once cancelled.</summary>
    public void Dispose()
    {
        lock (_calls)
        {
            if (_disposed) return;
            _disposed = true;
            while (_running > 0) Monitor.Wait(_calls);
        }
        _session.Dispose();
    }

    // A stopped run leaves calls behind that nobody waits for: freeing the model under them would crash the process.
    private T Guarded<T>(Func<T> call)
    {
        lock (_calls)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _running++;
        }
        try
        {
            return call();
        }
        finally
        {
            lock (_calls)
            {
                _running--;
                Monitor.PulseAll(_calls);
            }
        }
    }

    private LeaveOneOutResult LeaveOneOut(LeaveOneOutRequest request, CancellationToken cancellationToken)
    {
        var tokens = TokenizedRequest.Create(Tokenizer, _beginOfText, request);
        if (tokens.Ids.Count > Info.ContextLength)
            return Overflow(tokens);
        var (full, without, read) = Score(tokens, request.LeaveOut, cancellationToken);
        return new() { SegmentTokens = tokens.SegmentTokens, Full = full, Without = without, InputTokens = read };
    }

    private TextScores ScoreText(string context, string text, CancellationToken cancellationToken)
    {
        List<int> ids = _beginOfText is { } begin ? [begin] : [];
        _tokenizer.Encode(context, ids);
        var tokens = _tokenizer.Tokenize(text);
        if (tokens.Ids.Count == 0) return new() { Tokens = [] };
        if (ids.Count == 0)
            throw new ArgumentException("The context has no tokens, and the model no begin-of-text token: nothing predicts the text.",
                nameof(context));
        ids.AddRange(tokens.Ids);
        if (ids.Count > Info.ContextLength) return new() { Tokens = [], Overflow = new(ids.Count, Info.ContextLength) };
        var (scores, _, read) = Score(new(ids, [ids.Count - tokens.Ids.Count], tokens.Ids.Count), [], cancellationToken);
        return new() { Tokens = [.. tokens.Spans.Zip(scores, (span, score) => new TokenScore(span, score))], InputTokens = read };
    }

    private (double[] Full, double[][] Without, long Tokens) Score(TokenizedRequest tokens, IReadOnlyList<int> leaveOut, CancellationToken token)
    {
        RequireKnown(tokens.Ids);
        var buffers = _buffers.TryTake(out var free) ? free : new(_session.Signature);
        var run = new LeaveOneOutRun(_session, buffers, tokens, _options, token);
        var scores = run.Score(leaveOut);
        _buffers.Add(buffers);
        Count(run);
        return (scores.Full, scores.Without, run.MinimumTokens);
    }

    private LeaveOneOutResult Overflow(TokenizedRequest tokens) => new()
    {
        SegmentTokens = tokens.SegmentTokens,
        Full = [],
        Without = [],
        Overflow = new(tokens.Ids.Count, Info.ContextLength),
    };

    private void Count(LeaveOneOutRun run)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _passes, run.Passes);
        Interlocked.Add(ref _tokensForwarded, run.TokensForwarded);
        Interlocked.Add(ref _minimumTokens, run.MinimumTokens);
    }

    private void RequireKnown(IReadOnlyList<int> ids)
    {
        foreach (var id in ids)
        {
            if (id >= _vocabulary)
                throw new PipelineException(ErrorCode.TokenOutOfRange,
                    $"Token id {id} ('{Tokenizer.Decode([id])}') has no embedding in model {Info.Name}, which has {_vocabulary}.");
        }
    }

    // How passes are cut and batched rounds the sums of a score.
    private static string Fingerprint(OnnxModel model, LoadedModel loaded, OnnxScorerOptions options) =>
        loaded.Fingerprint(model, ["tokenizer.json", "tokenizer_config.json", "config.json"], FormattableString.Invariant(
            $"{options.ChunkSize} {options.MaxBatch} {options.MaxBatchTokens} {options.PaddingShare} {options.ContextLength}"));
}
