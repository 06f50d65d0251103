using ML.Pipelines.Rewriting;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Compression;

/// <summary>Chains without the words that carry least; see <see cref="SelfInformationCompressor"/>. A row and a rate have one.</summary>
/// <param name="scorer">Where self-information and likelihoods come from.</param>
/// <param name="words">How words are chosen.</param>
internal sealed class SelfInformationChains(IWordScorer scorer, WordChoiceOptions words) : IChainSource
{
    public string Name => SelfInformationCompressionStage.StageName;

    public PromptTemplate? Prompt => null;

    public int MostAttempts => 1;

    public async ValueTask<ChainReply> NextAsync(
        ChainRow row, string answer, double? rate, IReadOnlyList<FailedChain> failed, CancellationToken cancellationToken)
    {
        var compressor = new SelfInformationCompressor(scorer, words, rate!.Value);
        var outcome = await compressor.CompressAsync(new(row.Id, row.Question, row.Reasoning, answer, []), cancellationToken).ConfigureAwait(false);
        return outcome.Error is { } error ? new(null, Error: error) : new(new ShortChain(outcome.Rows[0].Text));
    }
}
