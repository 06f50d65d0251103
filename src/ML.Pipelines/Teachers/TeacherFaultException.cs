namespace ML.Pipelines.Teachers;

/// <summary>A call of a teacher that failed. <see cref="Teacher"/> makes a row's error or the end of the run of it.</summary>
public sealed class TeacherFaultException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What failed.</param>
    /// <param name="message">What is wrong, where (server, model), and what to do. No key is ever in it.</param>
    /// <param name="retryAfter">How long the server asks to wait; null where it does not.</param>
    /// <param name="innerException">The cause, where its texts cannot quote a key.</param>
    public TeacherFaultException(TeacherFaultKind kind, string message, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, innerException) => (Kind, RetryAfter) = (kind, retryAfter);

    /// <summary>What failed.</summary>
    public TeacherFaultKind Kind { get; }

    /// <summary>How long the server asks to wait; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>How often the call was made, at least 1.</summary>
    public int Attempts { get; internal set; } = 1;

    internal FaultRule Rule => FaultRule.Of(Kind);

    internal RowError ToRowError() => new(Rule.Code, Message, Attempts);

    internal PipelineException ToPipelineException() => new(Rule.Code, Message, this);
}
