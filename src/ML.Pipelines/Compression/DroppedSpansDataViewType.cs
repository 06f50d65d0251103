using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Compression;

/// <summary>The spans that compression dropped as a column, raw type <c>IReadOnlyList&lt;DroppedSpan&gt;</c>; written to files as
/// list&lt;struct&gt;.</summary>
public sealed class DroppedSpansDataViewType : StructListDataViewType<DroppedSpan>
{
    private DroppedSpansDataViewType() : base(
    [
        new("start", NumberDataViewType.Int32), new("end", NumberDataViewType.Int32), new("words", NumberDataViewType.Int32),
        new("information", NumberDataViewType.Double), new("importance", NumberDataViewType.Double),
    ])
    { }

    /// <summary>The one instance, registered with <see cref="DataViewTypeManager"/>.</summary>
    public static DroppedSpansDataViewType Instance { get; } = Register();

    /// <inheritdoc/>
    protected override StructValue ToStruct(DroppedSpan element) =>
        new(element.Start, element.End, element.Words, element.Information, element.Importance);

    /// <inheritdoc/>
    protected override DroppedSpan FromStruct(StructValue value) =>
        new((int)value[0]!, (int)value[1]!, (int)value[2]!, (double?)value[3], (double?)value[4]);

    private static DroppedSpansDataViewType Register()
    {
        var type = new DroppedSpansDataViewType();
        DataViewTypeManager.Register(type, typeof(IReadOnlyList<DroppedSpan>), new DroppedSpansAttribute());
        return type;
    }
}

/// <summary>Marks an <c>IReadOnlyList&lt;DroppedSpan&gt;</c> member of a row class as a <see cref="DroppedSpansDataViewType"/>
/// column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
[SuppressMessage("Performance", "CA1813", Justification = "ML.NET compares attributes through the virtual Equals.")]
public sealed class DroppedSpansAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() => _ = DroppedSpansDataViewType.Instance;

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is DroppedSpansAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DroppedSpansAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(DroppedSpansAttribute).GetHashCode();
}
