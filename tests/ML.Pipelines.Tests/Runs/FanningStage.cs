using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Tests.Runs;

/// <summary>A stage that drops, quarantines and multiplies rows by their texts: <c>a</c> becomes <c>a.0</c>, <c>a.1</c> and so on.</summary>
/// <param name="seed">Decides what becomes of which row.</param>
/// <param name="number">The number of the stage in its chain.</param>
/// <param name="asked">Is told of each row before its fate is given.</param>
internal sealed class FanningStage(int seed, int number, Action asked) : IStage<string, string>
{
    /// <summary>The column that the stage reads and replaces.</summary>
    public const string Column = "path";

    public string Name => $"fan-{number}";

    public ValueTask<IReadOnlyList<StageOutcome<string>>> ProcessAsync(IReadOnlyList<string> rows, CancellationToken cancellationToken) =>
        new([.. rows.Select(row =>
        {
            asked();
            return FateOf(seed, number, row);
        })]);

    /// <summary>What becomes of a row, always the same.</summary>
    public static StageOutcome<string> FateOf(int seed, int number, string path)
    {
        var random = new Random(path.Aggregate((seed * 31) + number, (hash, letter) => unchecked((hash * 31) + letter)));
        return random.Next(12) switch
        {
            0 => StageOutcome<string>.Dropped("too-short"),
            1 => StageOutcome<string>.Dropped("too-long"),
            2 => StageOutcome<string>.Quarantined(new(ErrorCode.NotFinite, "not a number")),
            3 => StageOutcome<string>.Quarantined(new(ErrorCode.ContextOverflow, "too long")),
            4 => StageOutcome<string>.Kept([]),
            > 4 and < 8 => StageOutcome<string>.Kept(path),
            var kind => StageOutcome<string>.Kept([.. Enumerable.Range(0, kind - 6).Select(part => $"{path}.{part}")]),
        };
    }

    /// <summary>The stage as an estimator.</summary>
    public static IEstimator<ITransformer> Estimator(FanningStage stage, StageContext context, int batchSize, int batchesInFlight) =>
        new Fanning(new()
        {
            Stage = stage,
            Inputs = schema => [Columns.Get(schema, Column, "column")],
            Read = row => Columns.TextOrEmpty(row, row.Schema[Column]),
            RowId = path => path,
            Outputs = _ => [OutputColumn<string>.Text(Column, path => path)],
            BatchSize = batchSize,
            BatchesInFlight = batchesInFlight,
        }, context);

    private sealed class Fanning(StageBinding<string, string> binding, StageContext context) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => new StageTransformer<string, string>(binding, context);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
