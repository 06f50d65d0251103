namespace ML.Pipelines.Traces;

/// <summary>The columns of a reasoning trace (<c>data-schemas/reasoning-trace.json</c>), which are also the fields of a map.</summary>
public static class TraceColumns
{
    /// <summary>The row's id, unique in its data set.</summary>
    public const string Id = "id";

    /// <summary>Where the row comes from; nullable.</summary>
    public const string Source = "source";

    /// <summary>The question.</summary>
    public const string Question = "question";

    /// <summary>The chain of thought, without tags.</summary>
    public const string Reasoning = "reasoning";

    /// <summary>What follows the chain; nullable.</summary>
    public const string Solution = "solution";

    /// <summary>The final answer; nullable.</summary>
    public const string Answer = "answer";

    /// <summary>The system prompt; nullable.</summary>
    public const string System = "system";

    /// <summary>Boolean: false where the chain was cut off.</summary>
    public const string Complete = "complete";

    /// <summary>All of them in the order they are written.</summary>
    public static IReadOnlyList<string> All { get; } = [Id, Source, Question, Reasoning, Solution, Answer, System, Complete];
}
