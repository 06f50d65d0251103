using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace ML.Pipelines.Parquet.Columns;

/// <summary>Collects the values of one Arrow array.</summary>
internal abstract class ValueBuilder(IArrowType type)
{
    protected Validity Validity { get; } = new();

    public IArrowType Type => type;

    public int Length => Validity.Length;

    /// <summary>The bytes that the values take so far.</summary>
    public abstract long Bytes { get; }

    public abstract void AppendNull();

    /// <summary>Appends a value as <see cref="Data.StructValue"/> holds it.</summary>
    /// <exception cref="InvalidCastException">Of another type.</exception>
    public abstract void AppendBoxed(object? value);

    public ArrayData Build() => new(type, Length, Validity.NullCount, 0, [Validity.Build(), .. Buffers()]);

    protected abstract ArrowBuffer[] Buffers();
}

/// <inheritdoc/>
internal abstract class ValueBuilder<T>(IArrowType type) : ValueBuilder(type)
{
    public void Append(T value)
    {
        Validity.Append(true);
        Add(value);
    }

    public override void AppendNull()
    {
        Validity.Append(false);
        Add(default!);
    }

    public override void AppendBoxed(object? value)
    {
        if (value is null) AppendNull();
        else Append(Unbox(value));
    }

    protected abstract void Add(T value);

    protected virtual T Unbox(object value) => (T)value;
}

/// <summary>Values of a fixed size, stored as <typeparamref name="TStored"/>.</summary>
internal abstract class FixedSizeBuilder<T, TStored>(IArrowType type) : ValueBuilder<T>(type) where TStored : unmanaged
{
    private readonly ArrayBufferWriter<byte> _values = new();

    public override long Bytes => _values.WrittenCount;

    protected void AddStored(TStored value)
    {
        MemoryMarshal.Write(_values.GetSpan(Unsafe.SizeOf<TStored>()), in value);
        _values.Advance(Unsafe.SizeOf<TStored>());
    }

    protected override ArrowBuffer[] Buffers() => [new(_values.WrittenMemory)];
}

internal sealed class NumberBuilder<T>(IArrowType type) : FixedSizeBuilder<T, T>(type) where T : unmanaged
{
    protected override void Add(T value) => AddStored(value);
}

internal sealed class DateTimeBuilder(IArrowType type) : FixedSizeBuilder<DateTime, long>(type)
{
    protected override void Add(DateTime value) => AddStored(Timestamps.FromTicks(value.Ticks, Type));
}

internal sealed class DateTimeOffsetBuilder(IArrowType type) : FixedSizeBuilder<DateTimeOffset, long>(type)
{
    protected override void Add(DateTimeOffset value) => AddStored(Timestamps.FromTicks(value.UtcTicks, Type));
}

internal sealed class BooleanBuilder() : ValueBuilder<bool>(BooleanType.Default)
{
    private readonly Validity _values = new();

    public override long Bytes => _values.Length >> 3;

    protected override void Add(bool value) => _values.Append(value);

    protected override ArrowBuffer[] Buffers() => [_values.Bits()];
}

/// <summary>Text as UTF-8; half of a surrogate pair becomes U+FFFD, so that UTF-16 offsets into the text stay right.</summary>
internal sealed class TextBuilder() : ValueBuilder<ReadOnlyMemory<char>>(StringType.Default)
{
    private readonly Offsets _offsets = new();
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public override long Bytes => _bytes.WrittenCount;

    protected override void Add(ReadOnlyMemory<char> value)
    {
        _bytes.Advance(Encoding.UTF8.GetBytes(value.Span, _bytes.GetSpan(Encoding.UTF8.GetByteCount(value.Span))));
        _offsets.Append(_bytes.WrittenCount);
    }

    protected override ReadOnlyMemory<char> Unbox(object value) => ((string)value).AsMemory();

    protected override ArrowBuffer[] Buffers() => [_offsets.Build(), new(_bytes.WrittenMemory)];
}

/// <summary>Where each text or list ends; the first starts at 0.</summary>
internal sealed class Offsets
{
    private readonly ArrayBufferWriter<byte> _ends = new();

    public Offsets() => Append(0);

    public void Append(int end)
    {
        MemoryMarshal.Write(_ends.GetSpan(sizeof(int)), in end);
        _ends.Advance(sizeof(int));
    }

    public ArrowBuffer Build() => new(_ends.WrittenMemory);
}
