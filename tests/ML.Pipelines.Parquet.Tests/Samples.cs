using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Parquet.Tests;

/// <summary>Scalar types with values at their borders, and random tables over all column types.</summary>
internal static class Samples
{
    public static (PrimitiveDataViewType Type, object[] Values)[] Scalars { get; } =
    [
        (TextDataViewType.Instance,
            ["", "a", "Grüße 👩‍🔬 日本", "line\nbreak \"quoted\" 'single' \0 end", new string('x', 300)]),
        (BooleanDataViewType.Instance, [true, false]),
        (NumberDataViewType.SByte, [sbyte.MinValue, (sbyte)-1, (sbyte)0, sbyte.MaxValue]),
        (NumberDataViewType.Byte, [byte.MinValue, (byte)1, byte.MaxValue]),
        (NumberDataViewType.Int16, [short.MinValue, (short)-1, short.MaxValue]),
        (NumberDataViewType.UInt16, [ushort.MinValue, (ushort)1, ushort.MaxValue]),
        (NumberDataViewType.Int32, [int.MinValue, -1, 0, int.MaxValue]),
        (NumberDataViewType.UInt32, [uint.MinValue, 1u, uint.MaxValue]),
        (NumberDataViewType.Int64, [long.MinValue, -1L, 0L, long.MaxValue]),
        (NumberDataViewType.UInt64, [ulong.MinValue, 1UL, ulong.MaxValue]),
        (NumberDataViewType.Single, [0f, -1.5f, float.MaxValue, float.Epsilon, float.NaN, float.PositiveInfinity]),
        (NumberDataViewType.Double, [0d, -1.5, double.MaxValue, double.Epsilon, double.NaN, double.NegativeInfinity]),
        (DateTimeDataViewType.Instance,
            [DateTime.MinValue, DateTime.UnixEpoch.AddTicks(-10), new DateTime(2026, 2, 28, 23, 59, 59).AddTicks(1234560),
            new DateTime(9999, 12, 31)]),
        (DateTimeOffsetDataViewType.Instance,
            [DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch.AddTicks(-10),
            new DateTimeOffset(2026, 3, 1, 1, 2, 3, TimeSpan.FromHours(2))]),
    ];

    private static readonly string[] Names = ["plain", "with space", "with.dot", "with\"quote", "ünïcode", "select", "element", "list"];

    /// <summary>Every column type, with nulls at every place, many rows.</summary>
    public static Table Everything(int seed, int rows)
    {
        var random = new Random(seed);
        RecordColumn[] columns =
        [
            .. Scalars.Select(scalar => new RecordColumn($"scalar {scalar.Type}", scalar.Type, true)),
            .. Scalars.Select(scalar => new RecordColumn($"list {scalar.Type}", new VectorDataViewType(scalar.Type), true)),
            new("struct", new StructDataViewType(Fields()), true),
            new("structs", StructListDataViewType.For(Fields()), true),
            new("messages", MessagesDataViewType.Instance, true),
        ];
        return new(columns, [.. Enumerable.Range(0, rows).Select(_ => columns.Select(column => Value(random, column.Type)).ToArray())]);
    }

    /// <summary>A few columns of any types and names.</summary>
    public static Table AnyTable(int seed, int rows)
    {
        var random = new Random(seed);
        RecordColumn[] columns = [.. Enumerable.Range(0, random.Next(1, 6)).Select(i =>
            new RecordColumn($"{Names[random.Next(Names.Length)]}{i}", AnyType(random), true))];
        return new(columns, [.. Enumerable.Range(0, rows).Select(_ => columns.Select(column => Value(random, column.Type)).ToArray())]);
    }

    public static StructField[] Fields() => [.. Scalars.Select(scalar => new StructField($"f {scalar.Type}", scalar.Type))];

    public static object? Value(Random random, DataViewType type)
    {
        if (random.Next(4) == 0) return null;
        return type switch
        {
            StructListDataViewType list =>
                Enumerable.Range(0, random.Next(4)).Select(_ => (StructValue?)Struct(random, list.Fields)).ToArray(),
            StructDataViewType structure => Struct(random, structure.Fields, nullable: false),
            VectorDataViewType vector => Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, vector.ItemType)).ToArray(),
            _ => random.GetItems(Scalars.First(scalar => scalar.Type.Equals(type)).Values, 1)[0],
        };
    }

    private static DataViewType AnyType(Random random)
    {
        StructField[] fields = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new StructField($"f.{i}", AnyScalar(random)))];
        return random.Next(4) switch
        {
            0 => StructListDataViewType.For(fields),
            1 => new StructDataViewType(fields),
            2 => new VectorDataViewType(AnyScalar(random)),
            _ => AnyScalar(random),
        };
    }

    private static PrimitiveDataViewType AnyScalar(Random random) => Scalars[random.Next(Scalars.Length)].Type;

    private static StructValue? Struct(Random random, IReadOnlyList<StructField> fields, bool nullable = true) =>
        nullable && random.Next(5) == 0 ? null : new StructValue([.. fields.Select(field => Value(random, field.Type))]);
}
