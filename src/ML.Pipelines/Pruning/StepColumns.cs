using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Stages;

namespace ML.Pipelines.Pruning;

/// <summary>Columns of steps, and the text columns they divide.</summary>
internal static class StepColumns
{
    private const string DefaultText = "reasoning";

    public static OutputColumn<TOut> Create<TOut>(string name, string textColumn, Func<TOut, IReadOnlyList<ReasoningStep>> value) =>
        OutputColumn<TOut>.Create(
            name, StepsDataViewType.Instance, value, annotations: new Dictionary<string, string> { [StepsDataViewType.TextAnnotation] = textColumn });

    public static DataViewSchema.Column Steps(DataViewSchema schema, string name) =>
        Columns.Require<IReadOnlyList<ReasoningStep>>(Columns.Get(schema, name, "inputColumnName (steps, from SegmentSteps)"), "inputColumnName");

    /// <summary>The text that a steps column divides: the named column, else the one its annotation names, else <c>reasoning</c>.</summary>
    public static DataViewSchema.Column Text(DataViewSchema schema, string stepsColumn, string? name) =>
        Columns.Require<ReadOnlyMemory<char>>(Columns.Get(schema, name ?? Annotated(schema, stepsColumn) ?? DefaultText, "reasoningColumn"), "reasoningColumn");

    private static string? Annotated(DataViewSchema schema, string stepsColumn)
    {
        var annotations = Columns.Get(schema, stepsColumn, "inputColumnName").Annotations;
        if (annotations.Schema.GetColumnOrNull(StepsDataViewType.TextAnnotation) is null) return null;
        ReadOnlyMemory<char> value = default;
        annotations.GetValue(StepsDataViewType.TextAnnotation, ref value);
        return value.ToString();
    }
}
