namespace ML.Pipelines.OnnxRuntime.Scoring;

/// <summary>Groups sequences into batches by length; depends on nothing but the request and the options.</summary>
internal static class BatchPlan
{
    public static List<ScoredSequence[]> Create(IEnumerable<ScoredSequence> sequences, OnnxScorerOptions options)
    {
        var batches = new List<ScoredSequence[]>();
        var batch = new List<ScoredSequence>();
        foreach (var sequence in sequences.OrderByDescending(sequence => sequence.Length))
        {
            if (batch.Count > 0 && !Fits(batch, sequence, options))
                Close();
            batch.Add(sequence);
        }
        Close();
        return batches;

        void Close()
        {
            if (batch.Count > 0)
                batches.Add([.. batch]);
            batch.Clear();
        }
    }

    private static bool Fits(List<ScoredSequence> batch, ScoredSequence next, OnnxScorerOptions options)
    {
        var tokens = (batch.Count + 1L) * batch[0].Length;
        var padding = tokens - next.Length - batch.Sum(sequence => (long)sequence.Length);
        return batch.Count < options.MaxBatch && tokens <= options.MaxBatchTokens && padding <= options.PaddingShare * tokens;
    }
}
