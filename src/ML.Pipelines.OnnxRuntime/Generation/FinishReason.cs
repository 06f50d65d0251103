namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>Why a row has no more tokens.</summary>
internal enum FinishReason
{
    /// <summary>The model ended its text, or the request's own condition did.</summary>
    Stop,

    /// <summary>The most new tokens, or the end of the context; the text may be cut off.</summary>
    Length,
}
