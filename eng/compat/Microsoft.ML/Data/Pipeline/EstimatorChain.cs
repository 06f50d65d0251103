using System.Collections.Immutable;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators in order. Fitting first asks each for its output schema, then fits and transforms one after the other.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    public readonly IEstimator<TLastTransformer> LastEstimator;
    private readonly ImmutableArray<ChainLink> _links;

    public EstimatorChain()
        : this([])
    {
    }

    internal EstimatorChain(ImmutableArray<ChainLink> links)
    {
        _links = links;
        LastEstimator = links.LastOrDefault()?.Estimator as IEstimator<TLastTransformer>;
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        Check.NotNull(input, nameof(input));
        GetOutputSchema(SchemaShape.Create(input.Schema));
        var fitted = new ITransformer[_links.Length];
        for (var i = 0; i < fitted.Length; i++)
        {
            fitted[i] = _links[i].Estimator.Fit(input);
            if (i == fitted.Length - 1) break;
            input = fitted[i].Transform(input);
            if (_links[i].IsCached) input = new CacheDataView(input);
        }

        return new TransformerChain<TLastTransformer>(fitted, _links.Select(link => link.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => _links.Aggregate(Check.NotNull(inputSchema, nameof(inputSchema)), (shape, link) => link.Estimator.GetOutputSchema(shape));

    public EstimatorChain<TNewTrans> Append<TNewTrans>(
        IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
        => new(_links.Add(new ChainLink(Check.NotNull(estimator, nameof(estimator)), scope)));

    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        Check.NotNull(env, nameof(env));
        return _links.IsEmpty ? this : new(_links.SetItem(_links.Length - 1, _links[^1] with { IsCached = true }));
    }
}
