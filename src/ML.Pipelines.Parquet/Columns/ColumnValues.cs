using System.Runtime.InteropServices;
using Apache.Arrow;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Parquet.Columns;

/// <summary>One column's values in the current record batch, as a data view's getters give them.</summary>
internal abstract class ColumnValues
{
    private ArrowBuffer _validity;

    /// <summary>The row in the batch that getters read.</summary>
    public int Row { get; set; }

    protected int Offset { get; private set; }

    /// <summary>Points to the column of the next batch.</summary>
    public virtual void Bind(ArrayData data)
    {
        _validity = data.Buffers[0];
        Offset = data.Offset;
        Row = -1;
    }

    public bool IsNull() => !Validity.IsValid(_validity, Offset + Row);

    /// <summary>A <c>ValueGetter</c> of the column's raw type; it stays right over all batches.</summary>
    public abstract Delegate Getter();

    /// <summary>Which elements are null; empty where none is.</summary>
    public virtual void GetElementNulls(ref VBuffer<bool> nulls) => nulls = new VBuffer<bool>(0, []);
}

internal sealed class ScalarColumnValues<T>(ArrowValues<T> values) : ColumnValues
{
    public override void Bind(ArrayData data)
    {
        base.Bind(data);
        values.Bind(data);
    }

    public override Delegate Getter() => (ValueGetter<T>)((ref T value) => value = IsNull() ? default! : values[Row]);
}

internal sealed class StructColumnValues(IReadOnlyList<StructField> fields) : ColumnValues
{
    private readonly ArrowStructs _structs = new(fields);

    public override void Bind(ArrayData data)
    {
        base.Bind(data);
        _structs.Bind(data);
    }

    public override Delegate Getter() => (ValueGetter<StructValue>)((ref StructValue value) => value = _structs[Row]!);
}

/// <summary>A column of lists: where each starts and ends.</summary>
internal abstract class ListValues : ColumnValues
{
    private ArrowBuffer _offsets;

    protected int Start => OffsetAt(Row);

    protected int Count => IsNull() ? 0 : OffsetAt(Row + 1) - Start;

    public override void Bind(ArrayData data)
    {
        base.Bind(data);
        _offsets = data.Buffers[1];
        BindElements(data.Children[0]);
    }

    protected abstract void BindElements(ArrayData elements);

    private int OffsetAt(int row) => MemoryMarshal.Cast<byte, int>(_offsets.Span)[Offset + row];
}

internal sealed class ListColumnValues<T>(ArrowValues<T> elements) : ListValues
{
    public override Delegate Getter() => (ValueGetter<VBuffer<T>>)Get;

    public override void GetElementNulls(ref VBuffer<bool> nulls)
    {
        var (start, count) = (Start, Count);
        var any = false;
        for (var i = start; i < start + count && !any; i++) any = elements.IsNull(i);
        var editor = VBufferEditor.Create(ref nulls, any ? count : 0);
        for (var i = 0; i < editor.Values.Length; i++) editor.Values[i] = elements.IsNull(start + i);
        nulls = editor.Commit();
    }

    protected override void BindElements(ArrayData data) => elements.Bind(data);

    private void Get(ref VBuffer<T> list)
    {
        var start = Start;
        var editor = VBufferEditor.Create(ref list, Count);
        for (var i = 0; i < editor.Values.Length; i++) editor.Values[i] = elements.IsNull(start + i) ? default! : elements[start + i];
        list = editor.Commit();
    }
}

internal sealed class StructListColumnValues(StructListDataViewType view) : ListValues
{
    private readonly ArrowStructs _structs = new(view.Fields);

    public override Delegate Getter() => view.FromStructs((ref StructValue?[] value) => value = Get());

    protected override void BindElements(ArrayData elements) => _structs.Bind(elements);

    private StructValue?[] Get()
    {
        var (start, list) = (Start, new StructValue?[Count]);
        for (var i = 0; i < list.Length; i++) list[i] = _structs[start + i];
        return list;
    }
}

/// <summary>The structs of one Arrow array after another, by index; null where the struct is null.</summary>
internal sealed class ArrowStructs(IReadOnlyList<StructField> fields)
{
    private readonly ArrowValues[] _fields = [.. fields.Select(field => ScalarType.Of(field.Type)!.NewValues())];
    private ArrowBuffer _validity;
    private int _offset;

    public StructValue? this[int index] =>
        Validity.IsValid(_validity, _offset + index)
            ? new StructValue([.. _fields.Select(field => field.Box(_offset + index))])
            : null;

    // A struct's offset counts for its fields too, on top of their own.
    public void Bind(ArrayData data)
    {
        _validity = data.Buffers[0];
        _offset = data.Offset;
        for (var i = 0; i < _fields.Length; i++) _fields[i].Bind(data.Children[i]);
    }
}
