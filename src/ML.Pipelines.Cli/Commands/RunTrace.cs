using ML.Pipelines.Pruning;
using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Cli.Commands;

/// <summary>A trace of a finished run with what became of its steps, or how shorter chains were asked for.</summary>
/// <param name="Id">The trace's id.</param>
/// <param name="Question">The question.</param>
/// <param name="Reasoning">The chain as it came in, which the steps' offsets are about.</param>
/// <param name="Steps">The steps in order.</param>
public sealed record RunTrace(string Id, string Question, string Reasoning, IReadOnlyList<ReasoningStep> Steps)
{
    /// <summary>The attempts at shorter chains, in order.</summary>
    public IReadOnlyList<AttemptEvidence> Attempts { get; init; } = [];

    /// <summary>The chains that the run's output has of the trace.</summary>
    public IReadOnlyList<OutputChain> Output { get; init; } = [];

    /// <summary>The chain's tokens before.</summary>
    public long TokensBefore => Steps.Sum(step => (long)(step.Tokens ?? 0));

    /// <summary>The tokens of the steps that stay.</summary>
    public long TokensAfter => Steps.Where(step => step.Decision != StepDecision.Removed).Sum(step => (long)(step.Tokens ?? 0));
}

/// <summary>A chain in a run's output.</summary>
/// <param name="Name">How it came about, with the rate where one was asked for.</param>
/// <param name="Text">The chain.</param>
public sealed record OutputChain(string Name, string Text);
