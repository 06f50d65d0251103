using ML.Pipelines.Stages;

namespace ML.Pipelines.Compression;

/// <summary>Compresses chains by the self-information of their words; see <see cref="SelfInformationCompressor"/>.</summary>
internal sealed class SelfInformationCompressionStage(SelfInformationCompressor compressor) : IStage<CompressionRow, CompressedChain>
{
    internal const string StageName = "compress";

    public string Name => StageName;

    public async ValueTask<IReadOnlyList<StageOutcome<CompressedChain>>> ProcessAsync(
        IReadOnlyList<CompressionRow> rows, CancellationToken cancellationToken)
    {
        var outcomes = new StageOutcome<CompressedChain>[rows.Count];
        for (var i = 0; i < rows.Count; i++) outcomes[i] = await compressor.CompressAsync(rows[i], cancellationToken).ConfigureAwait(false);
        return outcomes;
    }
}
