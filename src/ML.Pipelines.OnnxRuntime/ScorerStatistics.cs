namespace ML.Pipelines.OnnxRuntime;

/// <summary>What a scorer has done since it was made.</summary>
/// <param name="Requests">Leave-one-out requests that were scored (not those that overflowed).</param>
/// <param name="Passes">Model calls.</param>
/// <param name="TokensForwarded">Tokens through the model, padding included.</param>
/// <param name="MinimumTokens">Tokens that leave-one-out with a shared prefix cannot do without: each whole chain once, and what follows
/// each left-out segment.</param>
public sealed record ScorerStatistics(long Requests, long Passes, long TokensForwarded, long MinimumTokens);
