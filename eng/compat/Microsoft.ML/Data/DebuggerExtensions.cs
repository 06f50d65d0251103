using Microsoft.ML.Data;

namespace Microsoft.ML;

public static class DebuggerExtensions
{
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100)
        => new(Check.NotNull(data, nameof(data)), maxRows);

    public static DataDebuggerPreview Preview(
        this IEstimator<ITransformer> estimator, IDataView data, int maxRows = 100, int maxTrainingRows = 100)
    {
        Check.NotNull(estimator, nameof(estimator));
        Check.NotNull(data, nameof(data));
        var training = maxTrainingRows > 0 ? RowSelections.Take(data, maxTrainingRows) : data;
        return new(estimator.Fit(training).Transform(data), maxRows);
    }

    public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = 100)
        => new(Check.NotNull(transformer, nameof(transformer)).Transform(Check.NotNull(data, nameof(data))), maxRows);
}
