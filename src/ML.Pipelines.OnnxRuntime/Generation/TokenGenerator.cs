using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>Decoding with a decoder graph, prompts of one caller together: prompt ids in, the model's ids out.</summary>
/// <remarks>Safe for concurrent calls while the session lives; each decodes its own batch (<see cref="DecodingBatch"/>).</remarks>
/// <param name="session">The graph.</param>
/// <param name="contextLength">The most tokens of a prompt with what is added.</param>
/// <param name="stopIds">The tokens that end a text.</param>
/// <param name="limits">How much is decoded at once.</param>
internal sealed class TokenGenerator(DecoderSession session, int contextLength, IReadOnlyList<int> stopIds, DecodingLimits limits)
{
    /// <summary>Decodes one prompt.</summary>
    /// <exception cref="PipelineException">As <see cref="GenerateAll"/>.</exception>
    public GenerationResult Generate(GenerationRequest request, CancellationToken cancellationToken = default) =>
        GenerateAll([request], cancellationToken)[0];

    /// <summary>Decodes prompts, those of similar length together.</summary>
    /// <returns>Parallel to the requests.</returns>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.ContextOverflow"/> (a prompt leaves no room for a token),
    /// <see cref="ErrorCode.NotFinite"/>, <see cref="ErrorCode.TokenOutOfRange"/> or <see cref="ErrorCode.DamagedModel"/>.</exception>
    public IReadOnlyList<GenerationResult> GenerateAll(IReadOnlyList<GenerationRequest> requests,
        CancellationToken cancellationToken = default)
    {
        var rows = requests.Select(request => new DecodingRow(request, stopIds, contextLength, cancellationToken)).ToList();
        using var batch = new DecodingBatch(session, limits);
        // No row enters a running batch: among rows that have grown it would be mostly padding, which costs a small model more than a
        // full batch gains.
        foreach (var group in rows.OrderByDescending(row => row.Length).Chunk(limits.MaxRows))
        {
            Array.ForEach(group, batch.Add);
            while (!batch.IsIdle) batch.Advance();
        }
        return [.. rows.Select(row => row.Completion.GetAwaiter().GetResult())];
    }
}
