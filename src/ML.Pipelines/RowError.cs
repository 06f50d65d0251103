namespace ML.Pipelines;

/// <summary>Why one row cannot be processed; it goes to quarantine with this.</summary>
/// <param name="Code">One of <see cref="ErrorCode"/>.</param>
/// <param name="Message">What is wrong with the row and what to do, naming the place (file and line, column, limit).</param>
/// <param name="Attempts">How often the row was tried, at least 1.</param>
public sealed record RowError(string Code, string Message, int Attempts = 1);
