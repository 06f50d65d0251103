using Microsoft.ML.Data;

namespace Microsoft.ML.Behaviour.Tests;

internal sealed class Row
{
    public float A { get; set; }

    public string? B { get; set; }

    public int C { get; set; }
}

internal sealed class Nothing
{
}

internal sealed class One<T>
{
    public T? Value { get; set; }
}

internal sealed class Vectors
{
    public float[]? Numbers { get; set; }

    public string?[]? Texts { get; set; }

    public VBuffer<double> Buffer { get; set; }

    [VectorType(3)]
    public int[] Three { get; set; } = new int[3];
}

internal sealed class Everything
{
    [ColumnName("Renamed")]
    public float Field;

    [NoColumn]
    public float NoColumn { get; set; }

    public double Double { get; set; }

    public long Int64 { get; set; }

    public bool Boolean { get; set; }

    public string? Text { get; set; }

    public ReadOnlyMemory<char> Memory { get; set; }

    public DateTime DateTime { get; set; }

    public DateTimeOffset DateTimeOffset { get; set; }

    public TimeSpan TimeSpan { get; set; }

    [KeyType(10)]
    public uint Key { get; set; }

    [VectorType(2, 3)]
    public float[]? Matrix { get; set; }
}

/// <summary>A value with a column type of its own, registered without an attribute.</summary>
internal sealed record Trace(string Text);

internal sealed class TraceDataViewType() : StructuredDataViewType(typeof(Trace))
{
    public override bool Equals(DataViewType? other) => other is TraceDataViewType;

    public override bool Equals(object? obj) => obj is TraceDataViewType;

    public override int GetHashCode() => 17;

    public static void Register() => DataViewTypeManager.Register(new TraceDataViewType(), typeof(Trace));
}

/// <summary>A value whose column type is registered by an attribute on the member.</summary>
internal sealed record Score(double Value);

internal sealed class ScoreDataViewType() : StructuredDataViewType(typeof(Score))
{
    public override bool Equals(DataViewType? other) => other is ScoreDataViewType;

    public override bool Equals(object? obj) => obj is ScoreDataViewType;

    public override int GetHashCode() => 19;
}

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
internal sealed class ScoreTypeAttribute : DataViewTypeAttribute
{
    public override bool Equals(DataViewTypeAttribute? other) => other is ScoreTypeAttribute;

    public override bool Equals(object? obj) => obj is ScoreTypeAttribute;

    public override int GetHashCode() => 23;

    public override void Register() => DataViewTypeManager.Register(new ScoreDataViewType(), typeof(Score), this);
}

internal sealed class Scored
{
    [ScoreType]
    public Score? Score { get; set; }
}

internal static class Sample
{
    public static MLContext Context { get; } = new(seed: 1);

    public static IDataView Rows { get; } = Context.Data.LoadFromEnumerable(
        new[] { new Row { A = 1, B = "x", C = 5 }, new Row { A = 2, B = null, C = 6 }, new Row { A = float.NaN, B = "z", C = 7 } });

    public static string Describe(DataViewSchema schema)
        => string.Join(", ", schema.Select(c => $"{c.Name}:{c.Type}{(c.IsHidden ? "!" : string.Empty)}"));

    public static string Describe(SchemaShape shape)
        => string.Join(", ", shape.Select(c => $"{c.Name}:{c.Kind}:{c.ItemType}{(c.IsKey ? ":key" : string.Empty)}"));

    /// <summary>Asserts the exception's exact type and how its message starts.</summary>
    public static void Throws<T>(string message, Action action)
        where T : Exception
        => Assert.StartsWith(message, Assert.ThrowsExactly<T>(action).Message);
}
