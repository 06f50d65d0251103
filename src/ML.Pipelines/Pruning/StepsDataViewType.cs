using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Pruning;

/// <summary>The steps of a chain of thought as a column, raw type <c>IReadOnlyList&lt;ReasoningStep&gt;</c>; written to files as list&lt;struct&gt;.</summary>
public sealed class StepsDataViewType : StructListDataViewType<ReasoningStep>
{
    /// <summary>The annotation that names the column whose text the steps divide.</summary>
    public const string TextAnnotation = "MLPipelines.TextOf";

    private StepsDataViewType() : base(
    [
        new("start", NumberDataViewType.Int32), new("end", NumberDataViewType.Int32), StructField.Text("category"),
        StructField.Text("marker"), new("relates_to", NumberDataViewType.Int32), new("tokens", NumberDataViewType.Int32),
        new("importance", NumberDataViewType.Double), new("rank", NumberDataViewType.Int32), new("threshold", NumberDataViewType.Double),
        StructField.Text("decision"), StructField.Text("note"),
    ])
    { }

    /// <summary>The one instance, registered with <see cref="DataViewTypeManager"/>.</summary>
    public static StepsDataViewType Instance { get; } = Register();

    /// <inheritdoc/>
    protected override StructValue ToStruct(ReasoningStep element) => new(
        element.Start, element.End, element.Category is { } category ? StepNames.Of(category) : null, element.Marker, element.RelatesTo,
        element.Tokens, element.Importance, element.Rank, element.Threshold,
        element.Decision is { } decision ? StepNames.Of(decision) : null, element.Note);

    /// <inheritdoc/>
    protected override ReasoningStep FromStruct(StructValue value) => new((int)value[0]!, (int)value[1]!)
    {
        Category = value[2] is string category ? StepNames.Category(category) : null,
        Marker = (string?)value[3],
        RelatesTo = (int?)value[4],
        Tokens = (int?)value[5],
        Importance = (double?)value[6],
        Rank = (int?)value[7],
        Threshold = (double?)value[8],
        Decision = value[9] is string decision ? StepNames.Decision(decision) : null,
        Note = (string?)value[10],
    };

    private static StepsDataViewType Register()
    {
        var type = new StepsDataViewType();
        DataViewTypeManager.Register(type, typeof(IReadOnlyList<ReasoningStep>), new StepsAttribute());
        return type;
    }
}

/// <summary>Marks an <c>IReadOnlyList&lt;ReasoningStep&gt;</c> member of a row class as a <see cref="StepsDataViewType"/> column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
[SuppressMessage("Performance", "CA1813", Justification = "ML.NET compares attributes through the virtual Equals.")]
public sealed class StepsAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() => _ = StepsDataViewType.Instance;

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is StepsAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StepsAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(StepsAttribute).GetHashCode();
}
