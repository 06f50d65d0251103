namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>A request while it is decoded. Used by one thread at a time, but for <see cref="Completion"/>.</summary>
internal sealed class DecodingRow
{
    private readonly GenerationRequest _request;
    private readonly IReadOnlyList<int> _stopIds;
    private readonly int _contextLength;
    private readonly TokenSampler _sampler;
    private readonly List<int> _tokens = [];
    private readonly TaskCompletionSource<GenerationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="request">The prompt and how to go on.</param>
    /// <param name="stopIds">The tokens that end a text.</param>
    /// <param name="contextLength">The most tokens of a prompt with what is added.</param>
    /// <param name="cancellationToken">Ends the row between model calls.</param>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.ContextOverflow"/>: the prompt leaves no room for a token.</exception>
    public DecodingRow(GenerationRequest request, IReadOnlyList<int> stopIds, int contextLength, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(request.Prompt.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.MaxNewTokens, 1);
        if (request.Prompt.Count >= contextLength)
            throw new PipelineException(ErrorCode.ContextOverflow,
                $"The prompt has {request.Prompt.Count} tokens; the model takes {contextLength} with its reply. Shorten the prompt, or use "
                + "a model with a longer context.");
        (_request, _stopIds, _contextLength, CancellationToken) = (request, stopIds, contextLength, cancellationToken);
        _sampler = new(request.Sampling, request.Prompt);
    }

    public CancellationToken CancellationToken { get; }

    /// <summary>The tokens of the prompt and the new ones.</summary>
    public int Length => _request.Prompt.Count + _tokens.Count;

    /// <summary>The ids of the prompt and the new ones.</summary>
    public long[] Ids => [.. _request.Prompt.Select(id => (long)id), .. _tokens.Select(id => (long)id)];

    /// <summary>The newest token; there is one.</summary>
    public int Last => _tokens[^1];

    /// <summary>Ends with the row.</summary>
    public Task<GenerationResult> Completion => _completion.Task;

    public bool HasEnded => _completion.Task.IsCompleted;

    /// <summary>Chooses the next token, and decides whether the row goes on.</summary>
    public void Take(ReadOnlySpan<float> logits)
    {
        try
        {
            Add(_sampler.Choose(logits));
        }
        catch (PipelineException fault)
        {
            Fail(fault);
        }
    }

    /// <summary>Ends the row without a result.</summary>
    public void Fail(Exception fault) => _completion.TrySetException(fault);

    private void Add(int token)
    {
        if (_stopIds.Contains(token))
        {
            End(FinishReason.Stop, _tokens.Count + 1);
            return;
        }
        _tokens.Add(token);
        if (_request.StopsAfter?.Invoke(_tokens) == true)
            End(FinishReason.Stop, _tokens.Count);
        else if (_tokens.Count == _request.MaxNewTokens || Length == _contextLength)
            End(FinishReason.Length, _tokens.Count);
    }

    private void End(FinishReason reason, int decoded) => _completion.TrySetResult(new(_tokens, reason, decoded));
}
