namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>A request while it is decoded.</summary>
internal sealed class DecodingRow(GenerationRequest request, IReadOnlyList<int> stopIds, int contextLength)
{
    private readonly List<int> _tokens = [];
    private FinishReason? _finish;

    public IReadOnlyList<int> Prompt => request.Prompt;

    /// <summary>The new tokens so far.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    public bool IsFinished => _finish is not null;

    public GenerationResult Result => new(_tokens, _finish!.Value);

    /// <summary>Takes the token that the model chose, and decides whether the row goes on.</summary>
    public void Add(int token)
    {
        if (stopIds.Contains(token))
        {
            _finish = FinishReason.Stop;
            return;
        }
        _tokens.Add(token);
        if (request.StopsAfter?.Invoke(_tokens) == true)
            _finish = FinishReason.Stop;
        else if (_tokens.Count == request.MaxNewTokens || Prompt.Count + _tokens.Count == contextLength)
            _finish = FinishReason.Length;
    }
}
