namespace ML.Pipelines.Runs;

/// <summary>What calls of a model took, each call counted once however often a run was stopped.</summary>
/// <param name="Calls">Calls with a reply.</param>
/// <param name="InputTokens">Tokens that the model read, where it tells.</param>
/// <param name="OutputTokens">Tokens that the model wrote, where it tells.</param>
public sealed record ModelUsage(long Calls, long InputTokens, long OutputTokens)
{
    /// <summary>No call.</summary>
    public static ModelUsage Zero { get; } = new(0, 0, 0);

    /// <summary>The sum of two.</summary>
    public ModelUsage Add(ModelUsage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Calls + other.Calls, InputTokens + other.InputTokens, OutputTokens + other.OutputTokens);
    }

    /// <summary>What the usage of several models costs.</summary>
    /// <param name="usage">Usage by model.</param>
    /// <param name="prices">Prices by model.</param>
    /// <returns>Null, which is unknown and not zero, where a model that was called has no price.</returns>
    public static decimal? Cost(IReadOnlyDictionary<string, ModelUsage> usage, IReadOnlyDictionary<string, ModelPrice> prices)
    {
        ArgumentNullException.ThrowIfNull(usage);
        ArgumentNullException.ThrowIfNull(prices);
        decimal cost = 0;
        foreach (var (model, used) in usage)
        {
            if (!prices.TryGetValue(model, out var price)) return null;
            cost += price.Of(used);
        }
        return cost;
    }
}

/// <summary>What a model costs, in any currency.</summary>
/// <param name="Input">For a million tokens that it reads; 0 or more.</param>
/// <param name="Output">For a million tokens that it writes; 0 or more.</param>
public sealed record ModelPrice(decimal Input, decimal Output)
{
    private const decimal Million = 1_000_000;

    /// <summary>The cost of some usage.</summary>
    public decimal Of(ModelUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return ((usage.InputTokens * Input) + (usage.OutputTokens * Output)) / Million;
    }
}
