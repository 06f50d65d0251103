using ML.Pipelines.Pruning;

namespace ML.Pipelines.Cli.Commands;

/// <summary>A trace of a finished run with what became of its steps.</summary>
/// <param name="Id">The trace's id.</param>
/// <param name="Question">The question.</param>
/// <param name="Reasoning">The chain as it came in, which the steps' offsets are about.</param>
/// <param name="Steps">The steps in order.</param>
public sealed record RunTrace(string Id, string Question, string Reasoning, IReadOnlyList<ReasoningStep> Steps)
{
    /// <summary>The chain's tokens before.</summary>
    public long TokensBefore => Steps.Sum(step => (long)(step.Tokens ?? 0));

    /// <summary>The tokens of the steps that stay.</summary>
    public long TokensAfter => Steps.Where(step => step.Decision != StepDecision.Removed).Sum(step => (long)(step.Tokens ?? 0));
}
