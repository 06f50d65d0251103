namespace ML.Pipelines.Formatting;

/// <summary>A pair for preference training (DPO).</summary>
/// <param name="Chosen">The response to prefer.</param>
/// <param name="Rejected">The response to avoid; never the same text.</param>
/// <param name="Kind">What the pair teaches: <c>group</c> or <c>instance</c> (AdaR1), <c>length</c> or <c>accuracy</c> (ReCUT).</param>
public sealed record PreferencePair(string Chosen, string Rejected, string Kind);
