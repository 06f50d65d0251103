using System.Text.Json.Serialization;

namespace ML.Pipelines.Cli.Evaluation;

/// <summary>How a generated step bears on the answer.</summary>
internal enum StepLabel
{
    /// <summary>The answer needs it.</summary>
    Critical = 0,

    /// <summary>The answer needs what it says, and another step says it, too.</summary>
    Shadowed = 1,

    /// <summary>The answer does not need it.</summary>
    Redundant = 2,
}

/// <summary>A step of a generated trace.</summary>
internal sealed record LabelledStep(string Text, StepLabel Label);

/// <summary>A line of traces.jsonl: a generated trace whose steps' bearing on the answer is known.</summary>
internal sealed record LabelledTrace(
    string Id, string Form, string Split, int Seed, string Question, IReadOnlyList<LabelledStep> Steps, string Answer) : IEvaluationRow
{
    [JsonIgnore]
    public string? Fault => Steps.Count == 0 ? "steps is empty" : Answer.Length == 0 ? "answer is empty" : null;
}

/// <summary>A line of gsm8k.jsonl: a problem whose last sentence alone states the final value.</summary>
internal sealed record GradeSchoolProblem(
    string Id, string Question, IReadOnlyList<string> Sentences, IReadOnlyList<int> Order, string Answer) : IEvaluationRow
{
    [JsonIgnore]
    public string? Fault =>
        Sentences.Count == 0 ? "sentences is empty"
        : Answer.Length == 0 ? "answer is empty"
        : !Order.Order().SequenceEqual(Enumerable.Range(0, Sentences.Count)) ? $"order is not an order of 0 to {Sentences.Count - 1}"
        : null;
}

/// <summary>A line of texts.jsonl.</summary>
internal sealed record EvaluationText(string Id, string Set, string Text) : IEvaluationRow
{
    [JsonIgnore]
    public string? Fault => Text.Length == 0 ? "text is empty" : null;
}

/// <summary>A line of the chains file: a chain before and after pruning.</summary>
internal sealed record PrunedChain(
    string Id, string Question, IReadOnlyList<string> Full, IReadOnlyList<string> Pruned, string Answer) : IEvaluationRow
{
    [JsonIgnore]
    public string? Fault => Answer.Trim().Length == 0 ? "answer is empty" : null;
}

/// <summary>A line of prompts.jsonl: a task, and what its reply is judged by.</summary>
internal sealed record TaskPrompt(string Id, string Task, string Split, string Prompt, string Reply) : IEvaluationRow
{
    /// <summary>The answer that the reply ends with (rewrite, solve, answer).</summary>
    public string? Answer { get; init; }

    /// <summary>The share of words to remove, 0 to 1 (compress).</summary>
    public double? Rate { get; init; }

    /// <summary>The text that the reply is made from (compress, extend).</summary>
    public string? Original { get; init; }

    /// <summary>What the reply must hold, in order (compress).</summary>
    public IReadOnlyList<string>? Required { get; init; }

    /// <summary>The words that are asked for (write).</summary>
    public int? Words { get; init; }

    /// <summary>The right replies (ask).</summary>
    public IReadOnlyList<string>? Questions { get; init; }

    /// <summary>Whether the list of operations was never in training (solve).</summary>
    public bool Unseen { get; init; }

    [JsonIgnore]
    public string? Fault => TaskJudges.FaultIn(this);
}

/// <summary>A line of a file that a model is evaluated on.</summary>
internal interface IEvaluationRow
{
    /// <summary>The row's id.</summary>
    string Id { get; }

    /// <summary>What is wrong with the values, beyond their types; null where nothing is.</summary>
    string? Fault { get; }
}
