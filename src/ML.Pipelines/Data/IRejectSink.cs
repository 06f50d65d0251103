using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>Where rows that leave the data set go: with a reason (dropped) or with an error (quarantined).</summary>
/// <remarks>
/// Cursors are repeatable, so the same row may be reported again by a later pass: a sink that counts keys by row.
/// Calls come from one thread at a time for each cursor.
/// </remarks>
public interface IRejectSink
{
    /// <summary>A row was left out on purpose.</summary>
    void Dropped(RejectedRow row, string reason);

    /// <summary>A row could not be processed.</summary>
    void Quarantined(RejectedRow row, RowError error);
}

/// <summary>A row that left the data set.</summary>
/// <param name="Stage">The stage that decided, <c>load</c> for a reader.</param>
/// <param name="RowId">The row's id, or file and line where it has none.</param>
/// <param name="Source">The row's id in its data view: the row number for our loaders.</param>
/// <param name="Raw">The raw row as JSON where the stage had it; null means: read it again from the source.</param>
public sealed record RejectedRow(string Stage, string RowId, DataViewRowId Source, string? Raw = null);
