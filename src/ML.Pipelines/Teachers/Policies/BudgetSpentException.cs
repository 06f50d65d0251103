namespace ML.Pipelines.Teachers.Policies;

/// <summary>The tokens, money or time for a teacher are spent: the run stops as one that is cancelled, with work left.</summary>
/// <remarks>It is thrown after the calls under way have ended, so that their replies are kept.</remarks>
public sealed class BudgetSpentException : OperationCanceledException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which budget is spent, and what to do.</param>
    public BudgetSpentException(string message) : base(message) { }

    /// <summary><see cref="ErrorCode.TeacherBudget"/>.</summary>
    public string Code { get; } = ErrorCode.TeacherBudget;
}
