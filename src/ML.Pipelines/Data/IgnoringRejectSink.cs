namespace ML.Pipelines.Data;

/// <summary>Hears of no row: for passes that only learn or measure, while another pass reports the rows that leave.</summary>
public sealed class IgnoringRejectSink : IRejectSink
{
    private IgnoringRejectSink() { }

    /// <summary>The only one.</summary>
    public static IgnoringRejectSink Instance { get; } = new();

    /// <inheritdoc/>
    public void Dropped(RejectedRow row, string reason) { }

    /// <inheritdoc/>
    public void Quarantined(RejectedRow row, RowError error) { }
}
