using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using global::Parquet;
using global::Parquet.Schema;
using ML.Pipelines.Parquet.Columns;

namespace ML.Pipelines.Parquet.ParquetNet;

/// <summary>
/// Writes one leaf of Arrow columns. Every level is OPTIONAL, so a null is one definition level deeper with each list (two, with its
/// repetition) and struct around it.
/// </summary>
internal abstract class LeafWriter(DataField field)
{
    private readonly List<int> _definitions = [];
    private readonly List<int> _repetitions = [];

    protected DataField Field { get; } = field;

    public static LeafWriter Create(DataField field, IArrowType type) => ScalarType.Of(type)!.Accept(new Factory(field));

    /// <summary>Writes the leaf of a row group.</summary>
    /// <param name="group">The row group.</param>
    /// <param name="column">The column.</param>
    /// <param name="index">Which field of the column's struct the leaf is; 0 where there is none.</param>
    public void Write(ParquetRowGroupWriter group, ArrayData column, int index)
    {
        _definitions.Clear();
        _repetitions.Clear();
        var elements = column.DataType is ListType ? column.Children[0] : column;
        var leaf = elements.DataType is StructType ? elements.Children[index] : elements;
        Bind(leaf, leaf.Length);
        if (column.DataType is ListType) AddLists(column, elements);
        else for (var row = 0; row < column.Length; row++) AddElement(elements, row, 0, 0);
        WriteValues(group, _definitions.ToArray(), column.DataType is ListType ? _repetitions.ToArray() : null);
    }

    protected abstract void Bind(ArrayData leaf, int capacity);

    protected abstract bool IsNull(int index);

    protected abstract void AddValue(int index);

    protected abstract void WriteValues(ParquetRowGroupWriter group, int[] definitions, int[]? repetitions);

    private void AddLists(ArrayData lists, ArrayData elements)
    {
        var offsets = MemoryMarshal.Cast<byte, int>(lists.Buffers[1].Span)[lists.Offset..];
        for (var row = 0; row < lists.Length; row++)
        {
            if (!Validity.IsValid(lists.Buffers[0], lists.Offset + row)) Add(0, 0);
            else if (offsets[row] == offsets[row + 1]) Add(1, 0);
            else for (var i = offsets[row]; i < offsets[row + 1]; i++) AddElement(elements, i, 2, i == offsets[row] ? 0 : 1);
        }
    }

    private void AddElement(ArrayData elements, int index, int depth, int repetition)
    {
        if (elements.DataType is StructType)
        {
            index += elements.Offset;
            if (!Validity.IsValid(elements.Buffers[0], index))
            {
                Add(depth, repetition);
                return;
            }
            depth++;
        }
        var isNull = IsNull(index);
        if (!isNull) AddValue(index);
        Add(isNull ? depth : depth + 1, repetition);
    }

    private void Add(int definition, int repetition)
    {
        _definitions.Add(definition);
        _repetitions.Add(repetition);
    }

    private sealed record Factory(DataField Field) : IScalarVisitor<LeafWriter>
    {
        public LeafWriter Visit<T>(ScalarType<T> type) where T : struct =>
            type is ScalarType<DateTimeOffset> offsets
                ? new LeafWriter<DateTimeOffset, DateTime>(Field, offsets.NewValues(), value => value.UtcDateTime)
                : new LeafWriter<T, T>(Field, type.NewValues(), value => value);
    }
}

/// <inheritdoc/>
internal sealed class LeafWriter<TView, TFile>(DataField field, ArrowValues<TView> values, Func<TView, TFile> convert)
    : LeafWriter(field) where TFile : struct
{
    private TFile[] _values = [];
    private int _count;

    protected override void Bind(ArrayData leaf, int capacity)
    {
        values.Bind(leaf);
        _values = new TFile[capacity];
        _count = 0;
    }

    protected override bool IsNull(int index) => values.IsNull(index);

    protected override void AddValue(int index) => _values[_count++] = convert(values[index]);

    protected override void WriteValues(ParquetRowGroupWriter group, int[] definitions, int[]? repetitions)
    {
        ReadOnlyMemory<TFile> present = _values.AsMemory(0, _count);
        Blocking.Wait(group.WriteAllPartsAsync(Field, present, definitions, repetitions, CancellationToken.None));
        _values = [];
    }
}
