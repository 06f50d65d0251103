namespace Microsoft.ML.Data;

/// <summary>An estimator of a chain, when its transformer is used, and whether what it yields is cached for the fits after it.</summary>
internal sealed record ChainLink(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool IsCached = false);
