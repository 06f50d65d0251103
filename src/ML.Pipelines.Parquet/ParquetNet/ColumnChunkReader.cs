using Apache.Arrow;
using Apache.Arrow.Types;
using global::Parquet;
using global::Parquet.Schema;

namespace ML.Pipelines.Parquet.ParquetNet;

/// <summary>One column of one row group after another, as Arrow arrays.</summary>
internal sealed class ColumnChunkReader
{
    private readonly IArrowType _type;
    private readonly Nesting _nesting;
    private readonly LeafReader[] _leaves;

    /// <summary>Creates the reader of a field whose type a data view can hold.</summary>
    public ColumnChunkReader(global::Parquet.Schema.Field field)
    {
        _type = FieldTypes.ToArrow(field);
        DataField[] leaves = [.. FieldTypes.Leaves(field)];
        _nesting = new(Depths(field, leaves[0]));
        _leaves = [.. leaves.Select(leaf => LeafReader.Create(leaf, LeafType(leaf), Depths(field, leaf)))];
    }

    public void Load(ParquetRowGroupReader group)
    {
        foreach (var leaf in _leaves) leaf.Load(group);
    }

    public void Skip(long rows)
    {
        foreach (var leaf in _leaves) leaf.Skip(rows);
    }

    public IArrowArray Read(int rows)
    {
        for (var i = 0; i < _leaves.Length; i++) _leaves[i].Read(rows, i == 0 ? _nesting : null);
        return ArrowArrayFactory.BuildArray(_nesting.Build(_type, [.. _leaves.Select(leaf => leaf.Build())]));
    }

    private static IArrowType LeafType(DataField leaf) =>
        FieldTypes.ToArrow(leaf) is ListType list ? list.ValueDataType : FieldTypes.ToArrow(leaf);

    // A repeated leaf is a list by itself, with or without a LIST group around it.
    private static LeafDepths Depths(global::Parquet.Schema.Field field, DataField leaf)
    {
        var value = leaf.MaxDefinitionLevel;
        var element = leaf.IsArray ? value : field is ListField list ? list.MaxDefinitionLevel : 0;
        var structure = (field is ListField { Item: var item } ? item : field) as StructField;
        return new(element, structure?.MaxDefinitionLevel ?? element, value);
    }
}
