namespace ML.Pipelines.Models;

/// <summary>What a scorer is.</summary>
/// <param name="Name">A name for people, e.g. the model folder's.</param>
/// <param name="Fingerprint">Changes whenever the scores may change: a hash over model and tokenizer files.</param>
/// <param name="ContextLength">The most tokens a context with its continuation may have.</param>
public sealed record ScorerInfo(string Name, string Fingerprint, int ContextLength);
