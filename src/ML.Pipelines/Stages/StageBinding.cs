using Microsoft.ML;

namespace ML.Pipelines.Stages;

/// <summary>How a stage's rows are read from and written to a data view.</summary>
/// <typeparam name="TIn">The row it reads.</typeparam>
/// <typeparam name="TOut">The row it writes.</typeparam>
public sealed record StageBinding<TIn, TOut>
{
    /// <summary>The stage.</summary>
    public required IStage<TIn, TOut> Stage { get; init; }

    /// <summary>The input columns that <see cref="Read"/> reads; checked and resolved against a schema. Companions come by themselves.</summary>
    public required Func<DataViewSchema, IReadOnlyList<DataViewSchema.Column>> Inputs { get; init; }

    /// <summary>Makes a function that reads the row a cursor stands on. The result must not refer to the cursor's buffers.</summary>
    public required Func<DataViewRow, Func<TIn>> Read { get; init; }

    /// <summary>The id of a row, for rejects.</summary>
    public required Func<TIn, string> RowId { get; init; }

    /// <summary>The columns the stage adds or replaces, given the input's schema.</summary>
    public required Func<DataViewSchema, IReadOnlyList<OutputColumn<TOut>>> Outputs { get; init; }

    /// <summary>Input columns that do not ride along, because the stage's outputs hold what they held. Default: none.</summary>
    public Func<DataViewSchema, IReadOnlyList<DataViewSchema.Column>> Consumes { get; init; } = _ => [];

    /// <summary>Whether a row may cost calls of a model: a run that is asked to stop takes no more rows into such a stage, while what has
    /// been paid for goes on through the others.</summary>
    public bool CallsModels { get; init; }

    /// <summary>Rows a batch, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int BatchSize
    {
        get;
        init => field = AtLeastOne(value, nameof(BatchSize));
    } = 16;

    /// <summary>Batches being processed at once, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int BatchesInFlight
    {
        get;
        init => field = AtLeastOne(value, nameof(BatchesInFlight));
    } = 2;

    private static int AtLeastOne(int value, string option)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, option);
        return value;
    }
}
