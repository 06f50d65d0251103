namespace ML.Pipelines.Teachers;

/// <summary>How the server of a teacher or scorer is called. None of these changes a reply, so none is part of a fingerprint.</summary>
public sealed record TeacherOptions
{
    /// <summary>Polly's least break and window.</summary>
    private static readonly TimeSpan LeastBreak = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The time of a request, from sending to the last byte of the answer; from 1 millisecond to 1 day.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a call is made where the server fails, times out or sends a broken reply, the first time included; from 1 to
    /// 100.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>The longest first wait before a call is made again, which doubles with each; from 0 to 1 hour.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait before a call is made again, unless the server asks for more; from <see cref="FirstDelay"/> to 1
    /// hour.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a server may turn a call away or be away before the run stops; from 0 to 1 day.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many calls are made at once in the beginning; from 1 to 4096.</summary>
    public int InitialConcurrency { get; init; } = 8;

    /// <summary>The calls that may always be made at once; from 1 to <see cref="MaximumConcurrency"/>.</summary>
    public int MinimumConcurrency { get; init; } = 1;

    /// <summary>The most calls that are ever made at once; from <see cref="MinimumConcurrency"/> to 4096.</summary>
    public int MaximumConcurrency { get; init; } = 64;

    /// <summary>The share of failed calls within <see cref="BreakerWindow"/> that opens the circuit breaker, above 0 to 1.</summary>
    public double BreakerFailureRatio { get; init; } = 0.5;

    /// <summary>The calls within <see cref="BreakerWindow"/> below which the circuit breaker stays closed; at least 2.</summary>
    public int BreakerMinimumCalls { get; init; } = 10;

    /// <summary>The time over which failures are counted; from 500 milliseconds to 1 day.</summary>
    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit breaker rests the server before a probe; from 500 milliseconds to 1 day.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The requests a minute that the server allows, at least 1; null: no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The tokens a minute, read and written, that the server allows, at least 1; null: no limit.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>The tokens, read and written, after which a run stops, at least 1; null: no budget.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>The money after which a run stops, above 0, in the currency of the prices; null: no budget.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>The price of a million tokens read, at least 0.</summary>
    public decimal InputPricePerMillion { get; init; }

    /// <summary>The price of a million tokens written, at least 0.</summary>
    public decimal OutputPricePerMillion { get; init; }

    /// <summary>The time from the first call after which a run stops, above 0; null: no budget.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Is told, from any thread and at most twice a minute, that no call has succeeded for a while, and why; null: nobody is.</summary>
    public Action<string>? Notice { get; init; }

    internal void Validate()
    {
        Require(RequestTimeout >= TimeSpan.FromMilliseconds(1) && RequestTimeout <= Day,
            nameof(RequestTimeout), RequestTimeout, "from 1 ms to 1 day");
        Require(MaxAttempts is >= 1 and <= 100, nameof(MaxAttempts), MaxAttempts, "from 1 to 100");
        Require(FirstDelay >= TimeSpan.Zero && FirstDelay <= TimeSpan.FromHours(1), nameof(FirstDelay), FirstDelay, "from 0 to 1 hour");
        Require(LongestDelay >= FirstDelay && LongestDelay <= TimeSpan.FromHours(1),
            nameof(LongestDelay), LongestDelay, $"from {nameof(FirstDelay)} to 1 hour");
        Require(Patience >= TimeSpan.Zero && Patience <= Day, nameof(Patience), Patience, "from 0 to 1 day");
        Require(MaximumConcurrency is >= 1 and <= 4096, nameof(MaximumConcurrency), MaximumConcurrency, "from 1 to 4096");
        Require(MinimumConcurrency >= 1 && MinimumConcurrency <= MaximumConcurrency, nameof(MinimumConcurrency), MinimumConcurrency,
            $"from 1 to {nameof(MaximumConcurrency)}");
        Require(InitialConcurrency is >= 1 and <= 4096, nameof(InitialConcurrency), InitialConcurrency, "from 1 to 4096");
        ValidateBreaker();
        ValidateBudget();
    }

    private void ValidateBreaker()
    {
        Require(BreakerFailureRatio is > 0 and <= 1, nameof(BreakerFailureRatio), BreakerFailureRatio, "above 0 to 1");
        Require(BreakerMinimumCalls >= 2, nameof(BreakerMinimumCalls), BreakerMinimumCalls, "at least 2");
        Require(BreakerWindow >= LeastBreak && BreakerWindow <= Day, nameof(BreakerWindow), BreakerWindow, "from 500 ms to 1 day");
        Require(BreakDuration >= LeastBreak && BreakDuration <= Day, nameof(BreakDuration), BreakDuration, "from 500 ms to 1 day");
    }

    private void ValidateBudget()
    {
        Require(RequestsPerMinute is not < 1, nameof(RequestsPerMinute), RequestsPerMinute, "at least 1");
        Require(TokensPerMinute is not < 1, nameof(TokensPerMinute), TokensPerMinute, "at least 1");
        Require(MaxTokens is not < 1, nameof(MaxTokens), MaxTokens, "at least 1");
        Require(MaxCost is not <= 0, nameof(MaxCost), MaxCost, "above 0");
        Require(InputPricePerMillion >= 0, nameof(InputPricePerMillion), InputPricePerMillion, "at least 0");
        Require(OutputPricePerMillion >= 0, nameof(OutputPricePerMillion), OutputPricePerMillion, "at least 0");
        Require(MaxCost is null || InputPricePerMillion > 0 || OutputPricePerMillion > 0, nameof(MaxCost), MaxCost, "given with prices");
        Require(MaxDuration is not { } time || time > TimeSpan.Zero, nameof(MaxDuration), MaxDuration, "above 0");
    }

    private static void Require(bool holds, string option, object? value, string range)
    {
        if (!holds) throw new PipelineException(ErrorCode.Configuration,
            FormattableString.Invariant($"{option} = {value}: must be {range}."));
    }
}
