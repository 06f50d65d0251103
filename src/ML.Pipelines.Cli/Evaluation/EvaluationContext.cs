using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Generation;

namespace ML.Pipelines.Cli.Evaluation;

/// <summary>What the parts of an evaluation share.</summary>
/// <param name="Scorer">The model.</param>
/// <param name="Limit">The most rows of a group.</param>
/// <param name="Progress">Told of a part, its rows that are done, and all its rows.</param>
/// <param name="CancellationToken">Cancels between model calls.</param>
internal sealed record EvaluationContext(
    OnnxLanguageScorer Scorer, int Limit, Action<string, long, long> Progress, CancellationToken CancellationToken)
{
    /// <summary>Measures rows one after the other, telling of progress and of the row that a fault is in.</summary>
    public async Task<IReadOnlyList<TResult>> MeasureAsync<TRow, TResult>(
        string part, IReadOnlyList<Located<TRow>> rows, Func<TRow, Task<TResult>> measure)
    {
        var results = new List<TResult>();
        foreach (var (row, place) in rows)
        {
            Progress(part, results.Count, rows.Count);
            CancellationToken.ThrowIfCancellationRequested();
            results.Add(await LocateFaults(place, () => measure(row)).ConfigureAwait(false));
        }
        Progress(part, rows.Count, rows.Count);
        return results;
    }

    /// <summary>Decodes the prompts of rows together.</summary>
    /// <exception cref="PipelineException">As <see cref="TokenGenerator.GenerateAll"/>; the message names the row whose prompt does not
    /// fit.</exception>
    public IReadOnlyList<GenerationResult> Generate<TRow>(IReadOnlyList<Located<TRow>> rows, IReadOnlyList<GenerationRequest> requests)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            if (requests[row].Prompt.Count >= Scorer.Info.ContextLength)
                throw new PipelineException(ErrorCode.ContextOverflow, $"{rows[row].Place}: the prompt has {requests[row].Prompt.Count} "
                    + $"tokens, and the model takes {Scorer.Info.ContextLength} with its reply. Take the row out.");
        }
        return Scorer.Generator.GenerateAll(requests, CancellationToken);
    }

    /// <summary>The first rows of each group.</summary>
    public IReadOnlyList<Located<TRow>> Limited<TRow, TKey>(IReadOnlyList<Located<TRow>> rows, Func<TRow, TKey> group)
        where TKey : notnull =>
        [.. rows.GroupBy(row => group(row.Row)).SelectMany(rows => rows.Take(Limit))];

    private static async Task<T> LocateFaults<T>(string place, Func<Task<T>> measure)
    {
        try
        {
            return await measure().ConfigureAwait(false);
        }
        catch (PipelineException fault)
        {
            throw new PipelineException(fault.Code, $"{place}: {fault.Message}", fault);
        }
    }
}
