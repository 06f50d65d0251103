using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data;

/// <summary>An element class from outside the library.</summary>
public sealed record Point(long X, string? Name);

/// <summary>A list&lt;struct&gt; type from outside the library.</summary>
public sealed class PointsDataViewType()
    : StructListDataViewType<Point>([new StructField("x", NumberDataViewType.Int64), StructField.Text("name")])
{
    public static PointsDataViewType Instance { get; } = Register();

    protected override StructValue ToStruct(Point element) => new(element.X, element.Name);

    protected override Point FromStruct(StructValue value) => new((long)value[0]!, (string?)value[1]);

    private static PointsDataViewType Register()
    {
        var type = new PointsDataViewType();
        DataViewTypeManager.Register(type, typeof(IReadOnlyList<Point>), new PointsAttribute());
        return type;
    }
}

/// <summary>Marks a member as <see cref="PointsDataViewType"/>.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class PointsAttribute : DataViewTypeAttribute
{
    public override void Register() => _ = PointsDataViewType.Instance;

    public override bool Equals(DataViewTypeAttribute? other) => other is PointsAttribute;
}
