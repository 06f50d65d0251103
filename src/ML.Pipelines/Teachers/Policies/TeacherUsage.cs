namespace ML.Pipelines.Teachers.Policies;

/// <summary>What answered calls took.</summary>
/// <param name="Calls">The calls, those only that a server answered.</param>
/// <param name="InputTokens">Tokens that the model read.</param>
/// <param name="OutputTokens">Tokens that the model wrote.</param>
/// <param name="Cost">What they cost by the prices given, in the currency of the prices.</param>
public sealed record TeacherUsage(long Calls, long InputTokens, long OutputTokens, decimal Cost)
{
    /// <summary>Tokens read and written.</summary>
    public long Tokens => InputTokens + OutputTokens;
}
