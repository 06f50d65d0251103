namespace ML.Pipelines.Teachers;

/// <summary>The ways in which a call of a teacher fails. What follows from each is in <see cref="FaultRule"/>.</summary>
public enum TeacherFaultKind
{
    /// <summary>The server turns the call away for now (429).</summary>
    Throttled,

    /// <summary>The server has too much to do (503, 529).</summary>
    Overloaded,

    /// <summary>The server failed (other 5xx, 408, 409, 425).</summary>
    ServerError,

    /// <summary>No answer came within the time of a request.</summary>
    Timeout,

    /// <summary>No connection could be made, or it broke before an answer.</summary>
    Unreachable,

    /// <summary>The server has failed for longer than the patience allows.</summary>
    GaveUp,

    /// <summary>The answer is cut, or not of the protocol.</summary>
    BrokenReply,

    /// <summary>The prompt with its reply does not fit the model.</summary>
    ContextOverflow,

    /// <summary>A content filter refused the prompt.</summary>
    Filtered,

    /// <summary>The server refuses what is asked (other 4xx).</summary>
    BadRequest,

    /// <summary>The server refuses the key, or wants one (401, 403).</summary>
    Unauthorized,

    /// <summary>The server does not serve the model.</summary>
    UnknownModel,

    /// <summary>The server has nothing at the address (404, 405).</summary>
    UnknownEndpoint,

    /// <summary>The server cannot do what is asked of it, whatever the row (501, or an error that says so).</summary>
    Unsupported,

    /// <summary>The account has no credit left (402, or 429 with a code that says so).</summary>
    Quota,
}
