using ML.Pipelines.Rewriting;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Compression;

/// <summary>Compression of chains by the self-information of their words, each checked against its row; see
/// <see cref="ShorteningEstimator"/>. Rows that the model cannot score, or whose chain does not fit it, are quarantined.</summary>
public sealed class ChainCompressionEstimator : ShorteningEstimator
{
    private readonly IWordScorer _scorer;
    private readonly ChainCompressionOptions _options;
    private readonly ChainTools _tools;

    internal ChainCompressionEstimator(StageContext context, IWordScorer scorer, ChainCompressionOptions options, ChainTools tools)
        : base(context, options, tools, null) => (_scorer, _options, _tools) = (scorer, options, tools);

    private protected override IEnumerable<OutputColumn<ShortenedRow>> OwnOutputs => CompressionRates.Outputs(_options.Rates, _options.Layout);

    private protected override ShorteningStage CreateStage() =>
        new(new SelfInformationChains(_scorer, _options.Words), _options, CompressionRates.OrMost(_options.Rates), _options.Layout, _tools);
}
