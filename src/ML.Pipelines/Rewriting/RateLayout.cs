namespace ML.Pipelines.Rewriting;

/// <summary>How the chains of a row at several rates stand in the data set.</summary>
public enum RateLayout
{
    /// <summary>Each is a row, in place of the row's own chain.</summary>
    Rows = 0,

    /// <summary>All are columns of the row, which keeps its own chain.</summary>
    Columns = 1,
}
