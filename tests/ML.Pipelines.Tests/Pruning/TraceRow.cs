using Microsoft.ML.Data;
using ML.Pipelines.Data;
using ML.Pipelines.Pruning;

namespace ML.Pipelines.Tests.Pruning;

/// <summary>A row as a user's class.</summary>
public class TraceRow
{
    public string Id { get; set; } = "";

    public string Question { get; set; } = "What is it?";

    public string Reasoning { get; set; } = "";

    public string Answer { get; set; } = "42";

    public string Solution { get; set; } = "";

    public bool Complete { get; set; } = true;
}

/// <summary>A pruned row as a user's class.</summary>
public class PrunedTrace : TraceRow
{
    public string Pruned { get; set; } = "";

    [Steps]
    public IReadOnlyList<ReasoningStep> Steps { get; set; } = [];

    [ColumnName("tokens_before")]
    public int TokensBefore { get; set; }

    [ColumnName("tokens_after")]
    public int TokensAfter { get; set; }

    [ColumnName("steps")]
    public int StepCount { get; set; }

    [ColumnName("steps_removed")]
    public int StepsRemoved { get; set; }
}

/// <summary>A formatted row as a user's class.</summary>
public class FormattedTrace : PrunedTrace
{
    [Messages, ColumnName("messages")]
    public IReadOnlyList<Message> Messages { get; set; } = [];
}
