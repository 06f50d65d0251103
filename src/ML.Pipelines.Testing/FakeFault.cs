namespace ML.Pipelines.Testing;

/// <summary>What goes wrong with a request to a <see cref="FakeTeacherServer"/>.</summary>
public abstract record FakeFault
{
    private FakeFault() { }

    /// <summary>An answer that is an error.</summary>
    /// <param name="Code">The HTTP status.</param>
    /// <param name="Body">The body.</param>
    /// <param name="RetryAfter">The value of a Retry-After header; null: none.</param>
    public sealed record Status(int Code, string Body, string? RetryAfter = null) : FakeFault;

    /// <summary>No answer until the client gives up.</summary>
    public sealed record Hang : FakeFault;

    /// <summary>The connection is closed in the middle of the reply.</summary>
    public sealed record Truncate : FakeFault;

    /// <summary>A whole answer that is not of the protocol.</summary>
    /// <param name="Body">The body.</param>
    public sealed record Garbage(string Body) : FakeFault;

    /// <summary>An error in the form of OpenAI.</summary>
    public static FakeFault Error(int status, string code, string message, string? retryAfter = null) =>
        new Status(status, FakeJson.Error(code, message), retryAfter);

    /// <summary>A call that is turned away, with or without a time to wait.</summary>
    public static FakeFault Throttled(string? retryAfter = null) => Error(429, "rate_limit_exceeded", "Rate limit reached.", retryAfter);
}
