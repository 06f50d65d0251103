using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace ML.Pipelines.Data;

/// <summary>Tells ML.NET's log about every row that leaves, so that nothing is lost silently where no sink is given.</summary>
internal sealed class LoggingRejectSink(IHostEnvironment environment) : IRejectSink
{
    public LoggingRejectSink(MLContext context) : this((IHostEnvironment)context) { }

    public void Dropped(RejectedRow row, string reason) => Log(row, $"dropped: {reason}");

    public void Quarantined(RejectedRow row, RowError error) => Log(row, $"quarantined: {error.Code}: {error.Message}");

    private void Log(RejectedRow row, string what)
    {
        using var channel = environment.Start("ML.Pipelines");
        channel.Warning(MessageSensitivity.UserData, "{0}", $"{row.Stage}: row {row.RowId} {what}");
    }
}
