using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>A value is of another kind than its column.</summary>
internal sealed class JsonTypeMismatchException(string expected, JsonTokenType found)
    : Exception($"expected {expected}, found {Describe(found)}")
{
    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number of another kind",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        _ => token.ToString(),
    };
}

/// <summary>One column's value in the current row of a JSON Lines file.</summary>
internal abstract class JsonSlot
{
    public bool IsNull { get; private set; } = true;

    /// <summary>A <c>ValueGetter</c> of the column's raw type.</summary>
    public abstract Delegate Getter { get; }

    public virtual void GetElementNulls(ref VBuffer<bool> nulls) => nulls = default;

    public void Clear()
    {
        IsNull = true;
        Reset();
    }

    /// <summary>Takes the value that the reader stands on and moves to its last token.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        Clear();
        if (reader.TokenType == JsonTokenType.Null) return;
        ReadValue(ref reader);
        IsNull = false;
    }

    public static JsonSlot For(DataViewType type) => type switch
    {
        VectorDataViewType list => Scalar(list.ItemType, asList: true),
        StructDataViewType row => new JsonStructSlot(row),
        StructListDataViewType rows => new JsonStructListSlot(rows),
        _ => Scalar(type, asList: false),
    };

    protected abstract void Reset();

    protected abstract void ReadValue(ref Utf8JsonReader reader);

    private static JsonSlot Scalar(DataViewType type, bool asList) => type switch
    {
        TextDataViewType => Create(JsonScalar.Text, asList),
        BooleanDataViewType => Create(JsonScalar.Boolean, asList),
        NumberDataViewType number when number == NumberDataViewType.Int64 => Create(JsonScalar.Integer, asList),
        _ => Create(JsonScalar.Double, asList),
    };

    private static JsonSlot Create<T>(JsonScalar.Reader<T> read, bool asList) =>
        asList ? new JsonListSlot<T>(read) : new JsonScalarSlot<T>(read);
}

/// <summary>Readers of scalar values.</summary>
internal static class JsonScalar
{
    private const double MaxExactInteger = 1L << 53;

    public delegate T Reader<T>(ref Utf8JsonReader reader);

    public static ReadOnlyMemory<char> Text(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString().AsMemory() : throw Mismatch("a text", ref reader);

    public static bool Boolean(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : throw Mismatch("a boolean", ref reader);

    public static long Integer(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : throw Mismatch("an integer", ref reader);

    public static double Double(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.GetDouble() is var value && double.IsFinite(value) && IsExact(ref reader, value)
            ? value
            : throw Mismatch("a number that a double holds", ref reader);

    // A fraction is an approximation anyway; an integer that loses digits is another number, often an id.
    private static bool IsExact(ref Utf8JsonReader reader, double value) =>
        Math.Abs(value) < MaxExactInteger || reader.ValueSpan.ContainsAny(".eE"u8)
        || BigInteger.Parse(Encoding.ASCII.GetString(reader.ValueSpan), CultureInfo.InvariantCulture) == new BigInteger(value);

    /// <summary>A struct's field: null, or the value as <see cref="StructValue"/> holds it.</summary>
    public static object? Boxed(PrimitiveDataViewType type, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (type is TextDataViewType) return Text(ref reader).ToString();
        if (type is BooleanDataViewType) return Boolean(ref reader);
        return type == NumberDataViewType.Int64 ? (object)Integer(ref reader) : Double(ref reader);
    }

    private static JsonTypeMismatchException Mismatch(string expected, ref Utf8JsonReader reader) => new(expected, reader.TokenType);
}

internal sealed class JsonScalarSlot<T>(JsonScalar.Reader<T> read) : JsonSlot
{
    private T _value = default!;

    public override Delegate Getter => (ValueGetter<T>)((ref T value) => value = _value);

    protected override void Reset() => _value = default!;

    protected override void ReadValue(ref Utf8JsonReader reader) => _value = read(ref reader);
}

internal sealed class JsonListSlot<T>(JsonScalar.Reader<T> read) : JsonSlot
{
    private readonly List<T> _values = [];
    private readonly List<bool> _nulls = [];

    public override Delegate Getter => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => Copy(_values, ref value));

    public override void GetElementNulls(ref VBuffer<bool> nulls)
    {
        if (_nulls.Contains(true)) Copy(_nulls, ref nulls);
        else nulls = default;
    }

    protected override void Reset()
    {
        _values.Clear();
        _nulls.Clear();
    }

    protected override void ReadValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonTypeMismatchException("a list", reader.TokenType);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var isNull = reader.TokenType == JsonTokenType.Null;
            _nulls.Add(isNull);
            _values.Add(isNull ? default! : read(ref reader));
        }
    }

    private static void Copy<TItem>(List<TItem> items, ref VBuffer<TItem> value)
    {
        var editor = VBufferEditor.Create(ref value, items.Count);
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(items).CopyTo(editor.Values);
        value = editor.Commit();
    }
}

internal sealed class JsonStructSlot(StructDataViewType type) : JsonSlot
{
    private StructValue? _value;

    public override Delegate Getter => (ValueGetter<StructValue>)((ref StructValue value) => value = _value!);

    protected override void Reset() => _value = null;

    protected override void ReadValue(ref Utf8JsonReader reader) => _value = ReadStruct(type.Fields, ref reader);

    /// <summary>Fields that the type lacks are a mismatch: they would be lost.</summary>
    public static StructValue ReadStruct(IReadOnlyList<StructField> fields, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonTypeMismatchException("an object", reader.TokenType);
        var values = new object?[fields.Count];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var index = IndexOf(fields, ref reader);
            reader.Read();
            values[index] = JsonScalar.Boxed(fields[index].Type, ref reader);
        }
        return new StructValue(values);
    }

    private static int IndexOf(IReadOnlyList<StructField> fields, ref Utf8JsonReader reader)
    {
        for (var i = 0; i < fields.Count; i++)
            if (reader.ValueTextEquals(fields[i].Name)) return i;
        throw new JsonTypeMismatchException($"one of the fields {string.Join(", ", fields.Select(field => field.Name))}", reader.TokenType);
    }
}

internal sealed class JsonStructListSlot(StructListDataViewType type) : JsonSlot
{
    private readonly List<StructValue?> _values = [];

    public override Delegate Getter => type.FromStructs((ref StructValue?[] value) => value = [.. _values]);

    protected override void Reset() => _values.Clear();

    protected override void ReadValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonTypeMismatchException("a list", reader.TokenType);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            _values.Add(reader.TokenType == JsonTokenType.Null ? null : JsonStructSlot.ReadStruct(type.Fields, ref reader));
    }
}
