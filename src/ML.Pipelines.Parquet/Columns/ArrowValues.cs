using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace ML.Pipelines.Parquet.Columns;

/// <summary>The values of one Arrow array after another, by index.</summary>
internal abstract class ArrowValues
{
    private ArrowBuffer _validity;

    protected IArrowType Type { get; private set; } = NullType.Default;

    protected int Offset { get; private set; }

    protected ArrowBuffer Values { get; private set; }

    /// <summary>Points to an array; it must live as long as values are taken.</summary>
    public virtual void Bind(ArrayData data)
    {
        _validity = data.Buffers[0];
        Values = data.Buffers[1];
        Offset = data.Offset;
        Type = data.DataType;
    }

    public bool IsNull(int index) => !Validity.IsValid(_validity, Offset + index);

    /// <summary>The value as <see cref="Data.StructValue"/> holds it: null, a string or a boxed scalar.</summary>
    public abstract object? Box(int index);
}

/// <summary>Values of a type; those of nulls have no meaning.</summary>
internal abstract class ArrowValues<T> : ArrowValues
{
    public abstract T this[int index] { get; }

    public override object? Box(int index) => IsNull(index) ? null : this[index];
}

internal sealed class NumberValues<T> : ArrowValues<T> where T : unmanaged
{
    public override T this[int index] => MemoryMarshal.Cast<byte, T>(Values.Span)[Offset + index];
}

internal sealed class BooleanValues : ArrowValues<bool>
{
    public override bool this[int index] => BitUtility.GetBit(Values.Span, Offset + index);
}

internal sealed class TextValues : ArrowValues<ReadOnlyMemory<char>>
{
    private ArrowBuffer _bytes;

    public override ReadOnlyMemory<char> this[int index] => Text(index).AsMemory();

    public override void Bind(ArrayData data)
    {
        base.Bind(data);
        _bytes = data.Buffers[2];
    }

    public override object? Box(int index) => IsNull(index) ? null : Text(index);

    private string Text(int index)
    {
        var offsets = MemoryMarshal.Cast<byte, int>(Values.Span).Slice(Offset + index, 2);
        return Encoding.UTF8.GetString(_bytes.Span[offsets[0]..offsets[1]]);
    }
}

internal sealed class DateTimeValues : ArrowValues<DateTime>
{
    public override DateTime this[int index] => new(Timestamps.ToTicks(MemoryMarshal.Cast<byte, long>(Values.Span)[Offset + index], Type));
}

internal sealed class DateTimeOffsetValues : ArrowValues<DateTimeOffset>
{
    public override DateTimeOffset this[int index] =>
        new(Timestamps.ToTicks(MemoryMarshal.Cast<byte, long>(Values.Span)[Offset + index], Type), TimeSpan.Zero);
}
