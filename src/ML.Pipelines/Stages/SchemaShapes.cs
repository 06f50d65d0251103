using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Stages;

/// <summary>Schema shapes for estimators outside ML.NET's assemblies.</summary>
/// <remarks>ML.NET gives outside code no constructor for a shape's column, so its internal one is called by reflection; without it
/// no estimator of ours could take part in a chain's schema propagation.</remarks>
internal static class SchemaShapes
{
    private static readonly ConstructorInfo NewColumn = typeof(SchemaShape.Column)
        .GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
        .Single(constructor => constructor.GetParameters().Length == 5);

    /// <summary>The shape of a column of any type.</summary>
    public static SchemaShape.Column Column(string name, DataViewType type)
    {
        var vector = type as VectorDataViewType;
        var kind = vector is null ? SchemaShape.Column.VectorKind.Scalar
            : vector.IsKnownSize ? SchemaShape.Column.VectorKind.Vector
            : SchemaShape.Column.VectorKind.VariableVector;
        var item = (DataViewType?)vector?.ItemType ?? type;
        return (SchemaShape.Column)NewColumn.Invoke([name, kind, item is KeyDataViewType ? KeyItem(item) : item, item is KeyDataViewType, null]);
    }

    // A shape has a key's number type and a flag instead of the key type.
    private static NumberDataViewType KeyItem(DataViewType key) =>
        new[] { NumberDataViewType.Byte, NumberDataViewType.UInt16, NumberDataViewType.UInt32, NumberDataViewType.UInt64 }
            .Single(number => number.RawType == key.RawType);

    /// <summary>A column of a shape by its exact name, else by the only name that differs in case.</summary>
    public static SchemaShape.Column? Find(SchemaShape shape, string name)
    {
        var exact = shape.Where(column => column.Name == name).ToArray();
        var similar = exact.Length > 0 ? exact : [.. shape.Where(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase))];
        return similar.Length == 1 ? similar[0] : null;
    }

    /// <summary>A shape with some columns replaced or added.</summary>
    public static SchemaShape With(SchemaShape shape, IEnumerable<SchemaShape.Column> added)
    {
        var columns = shape.ToDictionary(column => column.Name, StringComparer.Ordinal);
        foreach (var column in added) columns[column.Name] = column;
        return new SchemaShape(columns.Values);
    }
}
