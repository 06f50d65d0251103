namespace ML.Pipelines.Teachers;

/// <summary>How a fault is met: the one table of what is retried, what slows calls down, and what ends a run.</summary>
/// <param name="Code">One of <see cref="ErrorCode"/>.</param>
/// <param name="Retry">How often the call is made again.</param>
/// <param name="LowersConcurrency">Whether fewer calls are made at once from now on.</param>
/// <param name="CountsForBreaker">Whether many of these open the circuit breaker.</param>
/// <param name="StopsRun">Whether the run ends, when the call is not made again any more; otherwise its row goes to quarantine.</param>
public sealed record FaultRule(string Code, FaultRetry Retry, bool LowersConcurrency, bool CountsForBreaker, bool StopsRun)
{
    private static readonly FaultRule Server = Attempted(ErrorCode.TeacherServerError, lowersConcurrency: false);

    /// <summary>The rule of a kind of fault.</summary>
    public static FaultRule Of(TeacherFaultKind kind) => kind switch
    {
        // A server that turns away or is away says nothing about the row: all rows wait.
        TeacherFaultKind.Throttled =>
            new(ErrorCode.TeacherThrottled, FaultRetry.Patience, LowersConcurrency: true, CountsForBreaker: false, StopsRun: true),
        TeacherFaultKind.Unreachable =>
            new(ErrorCode.TeacherUnreachable, FaultRetry.Patience, LowersConcurrency: false, CountsForBreaker: true, StopsRun: true),
        // These may be the row's own doing: some prompts bring a server down.
        TeacherFaultKind.Overloaded => Server with { LowersConcurrency = true },
        TeacherFaultKind.ServerError => Server,
        TeacherFaultKind.Timeout => Attempted(ErrorCode.TeacherTimeout, lowersConcurrency: true),
        TeacherFaultKind.BrokenReply => Attempted(ErrorCode.TeacherBrokenReply, lowersConcurrency: false),
        TeacherFaultKind.ContextOverflow => OfRow(ErrorCode.TeacherContextOverflow),
        TeacherFaultKind.Filtered => OfRow(ErrorCode.TeacherFiltered),
        TeacherFaultKind.BadRequest => OfRow(ErrorCode.TeacherBadRequest),
        TeacherFaultKind.GaveUp => OfConfiguration(ErrorCode.TeacherUnreachable),
        TeacherFaultKind.Unauthorized => OfConfiguration(ErrorCode.TeacherUnauthorized),
        TeacherFaultKind.UnknownModel => OfConfiguration(ErrorCode.TeacherUnknownModel),
        TeacherFaultKind.UnknownEndpoint or TeacherFaultKind.Unsupported => OfConfiguration(ErrorCode.TeacherUnknownEndpoint),
        TeacherFaultKind.Quota => OfConfiguration(ErrorCode.TeacherQuota),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No rule for this kind of fault."),
    };

    private static FaultRule Attempted(string code, bool lowersConcurrency) =>
        new(code, FaultRetry.Attempts, lowersConcurrency, CountsForBreaker: true, StopsRun: false);

    private static FaultRule OfRow(string code) =>
        new(code, FaultRetry.Never, LowersConcurrency: false, CountsForBreaker: false, StopsRun: false);

    private static FaultRule OfConfiguration(string code) => OfRow(code) with { StopsRun = true };
}

/// <summary>How often a call that failed is made again.</summary>
public enum FaultRetry
{
    /// <summary>Not at all: it would fail again.</summary>
    Never,

    /// <summary>A number of times.</summary>
    Attempts,

    /// <summary>For a time, however often.</summary>
    Patience,
}
