using Apache.Arrow;
using Apache.Arrow.Types;
using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Parquet.Columns;

/// <summary>Collects one column of a data view, row by row, into one Arrow array.</summary>
internal abstract class ColumnBuilder
{
    /// <summary>The bytes that the values take so far.</summary>
    public abstract long Bytes { get; }

    /// <summary>A builder over the getters of a row's column, whose type has an Arrow type.</summary>
    public static ColumnBuilder Create(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        StructListDataViewType list => new StructListColumnBuilder(
            list.GetStructs(row, column), NullFlags.OfValue(row, column), () => new(column.Name, list.Fields)),
        StructDataViewType structure => new StructColumnBuilder(
            row.GetGetter<StructValue>(column), NullFlags.OfValue(row, column), () => new(column.Name, structure.Fields)),
        VectorDataViewType vector => ScalarType.Of(vector.ItemType)!.NewListBuilder(row, column),
        _ => ScalarType.Of(column.Type)!.NewColumnBuilder(row, column),
    };

    /// <summary>Appends the value of the cursor's current row.</summary>
    public abstract void AppendRow();

    /// <summary>Hands over the rows so far and starts anew.</summary>
    public abstract ArrayData Build();
}

internal sealed class ScalarColumnBuilder<T>(
    ValueGetter<T> getter, ValueGetter<bool>? isNull, Func<ValueBuilder<T>> newValues) : ColumnBuilder
{
    private ValueBuilder<T> _values = newValues();
    private T _value = default!;
    private bool _null;

    public override long Bytes => _values.Bytes;

    public override void AppendRow()
    {
        isNull?.Invoke(ref _null);
        if (_null)
        {
            _values.AppendNull();
            return;
        }
        getter(ref _value);
        _values.Append(_value);
    }

    public override ArrayData Build()
    {
        var built = _values.Build();
        _values = newValues();
        return built;
    }
}

internal sealed class StructColumnBuilder(
    ValueGetter<StructValue> getter, ValueGetter<bool>? isNull, Func<StructBuilder> newValues) : ColumnBuilder
{
    private StructBuilder _values = newValues();
    private StructValue? _value;
    private bool _null;

    public override long Bytes => _values.Bytes;

    public override void AppendRow()
    {
        isNull?.Invoke(ref _null);
        if (!_null) getter(ref _value!);
        _values.Append(_null ? null : _value);
    }

    public override ArrayData Build()
    {
        var built = _values.Build();
        _values = newValues();
        return built;
    }
}

/// <summary>A column of lists: where each ends, and which are null.</summary>
internal abstract class ListBuilder : ColumnBuilder
{
    private Validity _validity = new();
    private Offsets _offsets = new();

    public override ArrayData Build()
    {
        var elements = BuildElements();
        var built = new ArrayData(ColumnTypes.List(elements.DataType), _validity.Length, _validity.NullCount, 0,
            [_validity.Build(), _offsets.Build()], [elements]);
        (_validity, _offsets) = (new(), new());
        return built;
    }

    protected abstract ArrayData BuildElements();

    protected void EndList(bool isNull, int end)
    {
        _validity.Append(!isNull);
        _offsets.Append(end);
    }
}

internal sealed class ListColumnBuilder<T>(
    ValueGetter<VBuffer<T>> getter, ValueGetter<VBuffer<bool>>? nullFlags, Func<ValueBuilder<T>> newValues) : ListBuilder
{
    private ValueBuilder<T> _values = newValues();
    private VBuffer<T> _value;
    private VBuffer<bool> _nulls;

    public override long Bytes => _values.Bytes;

    public override void AppendRow()
    {
        getter(ref _value);
        nullFlags?.Invoke(ref _nulls);
        var isNull = _value.Length == 0 && _nulls.Length == 1;
        if (!isNull) AppendElements();
        EndList(isNull, _values.Length);
    }

    protected override ArrayData BuildElements()
    {
        var built = _values.Build();
        _values = newValues();
        return built;
    }

    private void AppendElements()
    {
        if (_nulls.Length == 0)
        {
            foreach (var value in _value.DenseValues()) _values.Append(value);
            return;
        }
        if (_nulls.Length != _value.Length)
            throw new PipelineException(ErrorCode.Invariant, $"A list has {_value.Length} elements but null flags for {_nulls.Length}.");
        foreach (var (value, isNull) in _value.DenseValues().Zip(_nulls.DenseValues()))
        {
            if (isNull) _values.AppendNull();
            else _values.Append(value);
        }
    }
}

internal sealed class StructListColumnBuilder(
    ValueGetter<StructValue?[]> getter, ValueGetter<bool>? isNull, Func<StructBuilder> newValues) : ListBuilder
{
    private StructBuilder _values = newValues();
    private StructValue?[] _value = [];
    private bool _null;

    public override long Bytes => _values.Bytes;

    public override void AppendRow()
    {
        isNull?.Invoke(ref _null);
        if (!_null) Append();
        EndList(_null, _values.Length);
    }

    protected override ArrayData BuildElements()
    {
        var built = _values.Build();
        _values = newValues();
        return built;
    }

    private void Append()
    {
        getter(ref _value);
        foreach (var element in _value) _values.Append(element);
    }
}

/// <summary>Collects structs: a column's values, or the elements of its lists.</summary>
internal sealed class StructBuilder(string column, IReadOnlyList<StructField> fields)
{
    private readonly Validity _validity = new();
    private readonly ValueBuilder[] _fields =
        [.. fields.Select(field => ScalarType.Of(field.Type)!).Select(type => type.NewBuilder(type.Arrow))];

    public StructType Type => new([.. fields.Zip(_fields, (declared, builder) => new Field(declared.Name, builder.Type, true))]);

    public int Length => _validity.Length;

    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var builder in _fields) bytes += builder.Bytes;
            return bytes;
        }
    }

    public void Append(StructValue? value)
    {
        _validity.Append(value is not null);
        if (value is not null && value.Count != _fields.Length) throw Mismatch($"{value.Count} values", null);
        for (var i = 0; i < _fields.Length; i++) AppendField(i, value?[i]);
    }

    public ArrayData Build() => new(Type, Length, _validity.NullCount, 0, [_validity.Build()], [.. _fields.Select(field => field.Build())]);

    private void AppendField(int index, object? value)
    {
        try
        {
            _fields[index].AppendBoxed(value);
        }
        catch (InvalidCastException exception)
        {
            throw Mismatch($"a {value!.GetType().Name} in '{fields[index].Name}', which is {fields[index].Type}", exception);
        }
    }

    private PipelineException Mismatch(string found, Exception? cause) => new(ErrorCode.TypeMismatch,
        $"Column '{column}' has {_fields.Length} fields, but a struct in it has {found}. Give each a value of its type or null.", cause);
}
