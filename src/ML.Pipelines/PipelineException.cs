namespace ML.Pipelines;

/// <summary>
/// A fault that stops a run: a bad file, model, configuration or output. Its message names the place and what to do.
/// </summary>
/// <remarks>A fault of a single row is a <see cref="RowError"/> instead: the row goes to quarantine and the run goes on.</remarks>
public sealed class PipelineException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">One of <see cref="ErrorCode"/>.</param>
    /// <param name="message">What is wrong, where (file, line or row, option), and what to do.</param>
    /// <param name="innerException">The cause, where a library reported it.</param>
    public PipelineException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>One of <see cref="ErrorCode"/>.</summary>
    public string Code { get; }
}
