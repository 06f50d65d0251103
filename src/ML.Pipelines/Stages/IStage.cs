namespace ML.Pipelines.Stages;

/// <summary>
/// One method as a pure function of rows. A stage owns no files, threads, clocks or retries, and writes no error text into data.
/// </summary>
/// <typeparam name="TIn">The row it reads.</typeparam>
/// <typeparam name="TOut">The row it writes.</typeparam>
/// <remarks>Called from several threads at once. The outcome of a row depends on that row alone, not on its batch.</remarks>
public interface IStage<in TIn, TOut>
{
    /// <summary>The name in quarantine rows and job files.</summary>
    string Name { get; }

    /// <summary>Processes a batch.</summary>
    /// <returns>Exactly one outcome for each row, in order.</returns>
    ValueTask<IReadOnlyList<StageOutcome<TOut>>> ProcessAsync(IReadOnlyList<TIn> rows, CancellationToken cancellationToken);
}
