using ML.Pipelines.OnnxRuntime.Scoring;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>Continuous batching: rows that grow together by one token a pass. Rows enter between passes, and leave when they end.</summary>
/// <remarks>
/// Each prompt is forwarded alone, in chunks; then its row grows on top of its cache, padded on the left to the longest. Where the caches
/// outgrow the limit, the row that came last gives its up, and is forwarded anew when there is room. Graphs without a cache forward a whole
/// row for every token. A row's tokens depend on its request alone, up to the rounding of sums of other shape. For one thread.
/// </remarks>
internal sealed class DecodingBatch(DecoderSession session, DecodingLimits limits) : IDisposable
{
    // A row that enters shall not have to leave at once.
    private const int Headroom = 64;

    private readonly LinkedList<DecodingRow> _waiting = new();

    // Each row's place in a cache; the caches may hold rows that have left.
    private readonly List<DecodingCache> _caches = [];
    private List<(DecodingRow Row, DecodingCache Cache, int Index)> _rows = [];

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsIdle => _waiting.Count == 0 && _rows.All(row => row.Row.HasEnded);

    /// <summary>Takes a row; it is forwarded when there is room.</summary>
    public void Add(DecodingRow row) => _waiting.AddLast(row);

    /// <summary>Goes on by one token of each row, after letting in rows that wait. Faults end the rows that they concern.</summary>
    public void Advance()
    {
        EndCancelled();
        _rows.RemoveAll(row => row.Row.HasEnded);
        while (_rows.Count > 1 && _rows.Count * (LongestRow() + 1) > limits.MaxCacheTokens) Suspend();
        Admit();
        if (_rows.Count == 0)
            Release();
        else if (session.Signature.HasCache)
            Step();
        else
            _rows.ForEach(row => StepWithoutCache(row.Row));
    }

    /// <summary>Ends all rows with a fault.</summary>
    public void Fail(Exception fault)
    {
        foreach (var row in _waiting.Concat(_rows.Select(row => row.Row))) row.Fail(fault);
        _waiting.Clear();
        Release();
    }

    /// <summary>Frees the caches of rows that have ended; there are no others.</summary>
    public void Release()
    {
        _rows.Clear();
        _caches.ForEach(cache => cache.Dispose());
        _caches.Clear();
    }

    /// <summary>Frees the caches. Rows that have not ended never will.</summary>
    public void Dispose() => Release();

    private void EndCancelled()
    {
        foreach (var row in _waiting.Concat(_rows.Select(row => row.Row)))
            if (row.CancellationToken.IsCancellationRequested) row.Fail(new OperationCanceledException(row.CancellationToken));
    }

    private long LongestRow() => _rows.Max(row => (long)row.Row.Length);

    private void Suspend()
    {
        _waiting.AddFirst(_rows[^1].Row);
        _rows.RemoveAt(_rows.Count - 1);
    }

    private void Admit()
    {
        while (_waiting.First?.Value is { } row && (row.HasEnded || HasRoomFor(row)))
        {
            _waiting.RemoveFirst();
            if (!row.HasEnded) Enter(row);
        }
    }

    private bool HasRoomFor(DecodingRow row) => _rows.Count == 0 || _rows.Count < limits.MaxRows
        && (_rows.Count + 1) * (Math.Max(LongestRow(), row.Length) + Headroom) <= limits.MaxCacheTokens;

    private void Enter(DecodingRow row)
    {
        try
        {
            var cache = session.Signature.HasCache ? ForwardPrompt(row) : new([], [0]);
            _caches.Add(cache);
            if (!row.HasEnded) _rows.Add((row, cache, 0));
        }
        catch (Exception fault) when (fault is PipelineException or OperationCanceledException)
        {
            row.Fail(fault);
        }
    }

    /// <summary>The cache of what a row has, whose next token the row has got.</summary>
    private DecodingCache ForwardPrompt(DecodingRow row)
    {
        var cache = DecodingCache.Empty(session);
        var ids = row.Ids;
        for (var start = 0; start < ids.Length; start += limits.ChunkSize)
        {
            using var past = cache;
            row.CancellationToken.ThrowIfCancellationRequested();
            var end = Math.Min(ids.Length, start + limits.ChunkSize);
            var pass = new DecodingPass(session, ids[start..end], past);
            cache = end < ids.Length ? pass.Extend() : pass.Choose((_, logits) => row.Take(logits));
        }
        return cache;
    }

    private void Step()
    {
        try
        {
            GatherRows();
            var grown = new DecodingPass(session, [.. _rows.Select(row => (long)row.Row.Last)], _caches[0])
                .Choose((row, logits) => _rows[row].Row.Take(logits));
            Replace(grown);
        }
        catch (PipelineException fault)
        {
            _rows.ForEach(row => row.Row.Fail(fault));
        }
    }

    /// <summary>One cache with the rows in their order and no others; nothing is copied where the rows are those of the pass
    /// before.</summary>
    private void GatherRows()
    {
        if (_caches.Count > 1 || _caches[0].Lengths.Count != _rows.Count)
            Replace(DecodingCache.Gather(session.Signature, [.. _rows.Select(row => (row.Cache, row.Index))]));
    }

    private void Replace(DecodingCache by)
    {
        _caches.ForEach(cache => cache.Dispose());
        _caches.Clear();
        _caches.Add(by);
        _rows = [.. _rows.Select((row, index) => (row.Row, by, index))];
    }

    private void StepWithoutCache(DecodingRow row)
    {
        try
        {
            new DecodingPass(session, row.Ids, new([], [0])).Choose((_, logits) => row.Take(logits)).Dispose();
        }
        catch (PipelineException fault)
        {
            row.Fail(fault);
        }
    }
}
