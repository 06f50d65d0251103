using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>Greedy decoding with a decoder graph: prompt ids in, the model's ids out.</summary>
/// <remarks>
/// Each prompt is forwarded alone, in chunks; then all rows of a batch grow by one token a pass, on top of their caches, padded on the left
/// to one length. A row that has ended leaves the batch. Graphs without a cache forward a whole row for every token. A result depends on
/// its request alone, up to the rounding of sums of other shape. Safe for concurrent calls while the session lives.
/// </remarks>
/// <param name="session">The graph.</param>
/// <param name="contextLength">The most tokens of a prompt with what is added.</param>
/// <param name="stopIds">The tokens that end a text.</param>
/// <param name="options">How passes are cut.</param>
internal sealed class TokenGenerator(DecoderSession session, int contextLength, IReadOnlyList<int> stopIds, OnnxScorerOptions options)
{
    private const int MaxRows = 16;
    private const int MaxBatchPromptTokens = 16_384;

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
        var rows = requests.Select(Row).ToList();
        foreach (var batch in Batches(rows))
        {
            if (session.Signature.HasCache)
                DecodeTogether(batch, cancellationToken);
            else
                batch.ForEach(row => DecodeWhole(row, cancellationToken));
        }
        return [.. rows.Select(row => row.Result)];
    }

    private DecodingRow Row(GenerationRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfZero(request.Prompt.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.MaxNewTokens, 1);
        if (request.Prompt.Count >= contextLength)
            throw new PipelineException(ErrorCode.ContextOverflow,
                $"The prompt has {request.Prompt.Count} tokens; the model takes {contextLength} with its reply. Shorten the prompt, or use "
                + "a model with a longer context.");
        return new(request, stopIds, contextLength);
    }

    private static IEnumerable<List<DecodingRow>> Batches(List<DecodingRow> rows)
    {
        var batch = new List<DecodingRow>();
        foreach (var row in rows.OrderByDescending(row => row.Prompt.Count))
        {
            if (batch.Count == MaxRows || (batch.Count + 1L) * (batch.Count > 0 ? batch[0].Prompt.Count : 0) > MaxBatchPromptTokens)
            {
                yield return batch;
                batch = [];
            }
            batch.Add(row);
        }
        if (batch.Count > 0)
            yield return batch;
    }

    private void DecodeWhole(DecodingRow row, CancellationToken cancellationToken)
    {
        while (!row.IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (tokens, _) = new DecodingPass(session, [.. row.Prompt.Concat(row.Tokens).Select(id => (long)id)], new([], [0])).Choose();
            row.Add(tokens[0]);
        }
    }

    private void DecodeTogether(List<DecodingRow> batch, CancellationToken cancellationToken)
    {
        var caches = new List<DecodingCache>();
        try
        {
            foreach (var row in batch)
                caches.Add(ForwardPrompt(row, cancellationToken));
            DecodeRest(batch, caches, cancellationToken);
        }
        finally
        {
            caches.ForEach(cache => cache.Dispose());
        }
    }

    /// <summary>The cache of a row's prompt, whose next token the row has got.</summary>
    private DecodingCache ForwardPrompt(DecodingRow row, CancellationToken cancellationToken)
    {
        var cache = DecodingCache.Empty(session);
        long[] ids = [.. row.Prompt.Select(id => (long)id)];
        for (var start = 0; start < ids.Length; start += options.ChunkSize)
        {
            using var past = cache;
            cancellationToken.ThrowIfCancellationRequested();
            var pass = new DecodingPass(session, ids[start..Math.Min(ids.Length, start + options.ChunkSize)], past);
            if (start + options.ChunkSize < ids.Length)
                cache = pass.Extend();
            else
                cache = Step(pass, [row]);
        }
        return cache;
    }

    /// <summary>Goes on until all rows have ended. Of the caches in the list it disposes those that it replaces.</summary>
    private void DecodeRest(List<DecodingRow> rows, List<DecodingCache> caches, CancellationToken cancellationToken)
    {
        var origins = caches.Select(cache => (Cache: cache, Row: 0)).ToList();
        while (Unfinished(rows) is { Count: > 0 } running)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (caches.Count > 1 || running.Count < rows.Count)
                Replace(caches, DecodingCache.Gather(session.Signature, [.. running.Select(row => origins[row])]));
            rows = [.. running.Select(row => rows[row])];
            Replace(caches, Step(new(session, [.. rows.Select(row => (long)row.Tokens[^1])], caches[0]), rows));
            origins = [.. rows.Select((_, row) => (caches[0], row))];
        }
    }

    private static List<int> Unfinished(List<DecodingRow> rows) =>
        [.. Enumerable.Range(0, rows.Count).Where(row => !rows[row].IsFinished)];

    private static void Replace(List<DecodingCache> caches, DecodingCache by)
    {
        caches.ForEach(cache => cache.Dispose());
        caches.Clear();
        caches.Add(by);
    }

    private static DecodingCache Step(DecodingPass pass, List<DecodingRow> rows)
    {
        var (tokens, cache) = pass.Choose();
        for (var row = 0; row < rows.Count; row++)
            rows[row].Add(tokens[row]);
        return cache;
    }
}
