using Apache.Arrow;
using Apache.Arrow.Types;
using global::Parquet;
using global::Parquet.Schema;
using ML.Pipelines.Parquet.Columns;

namespace ML.Pipelines.Parquet.ParquetNet;

/// <summary>
/// The values of one leaf in one row group, and their levels: the definition level says down to which depth of the nesting a value is
/// there, repetition level 0 begins a row.
/// </summary>
internal abstract class LeafReader(DataField field, LeafDepths depths)
{
    private int[]? _definitions;
    private int[]? _repetitions;
    private int _count;
    private int _next;

    protected DataField Field { get; } = field;

    public static LeafReader Create(DataField field, IArrowType type, LeafDepths depths) =>
        ScalarType.Of(type)!.Accept(new Factory(field, type, depths));

    /// <summary>Reads and decodes the leaf's part of a row group.</summary>
    public void Load(ParquetRowGroupReader group)
    {
        var chunk = group.GetMetadata(Field)?.MetaData ?? throw new InvalidDataException($"no column chunk of {Field.Path}");
        _count = checked((int)chunk.NumValues);
        _next = 0;
        _definitions = Field.MaxDefinitionLevel > 0 ? new int[_count] : null;
        _repetitions = Field.MaxRepetitionLevel > 0 ? new int[_count] : null;
        LoadValues(group, _count, _definitions, _repetitions);
    }

    /// <summary>Appends the next rows to the leaf and, if given, to what it is nested in.</summary>
    public void Read(int rows, Nesting? nesting)
    {
        for (var row = 0; row < rows; row++)
        {
            var depth = Depth();
            ReadElements();
            nesting?.EndRow(depth);
        }

        void ReadElements()
        {
            do
            {
                var depth = Depth();
                if (depth >= depths.Element) ReadElement(depth, nesting);
                _next++;
            }
            while (Continues());
        }
    }

    /// <summary>Goes past rows.</summary>
    public void Skip(long rows)
    {
        for (; rows > 0; rows--)
        {
            do
            {
                if (Depth() >= depths.Value) SkipValue();
                _next++;
            }
            while (Continues());
        }
    }

    /// <summary>Hands over the values so far and starts anew.</summary>
    public abstract ArrayData Build();

    protected abstract void LoadValues(ParquetRowGroupReader group, int count, int[]? definitions, int[]? repetitions);

    protected abstract void ReadValue();

    protected abstract void ReadNull();

    protected abstract void SkipValue();

    private int Depth() =>
        _next < _count ? _definitions?[_next] ?? depths.Value : throw new InvalidDataException($"{Field.Path} has too few values");

    private bool Continues() => _repetitions is not null && _next < _count && _repetitions[_next] > 0;

    private void ReadElement(int depth, Nesting? nesting)
    {
        nesting?.AddElement(depth);
        if (depth >= depths.Value) ReadValue();
        else ReadNull();
    }

    private sealed record Factory(DataField Field, IArrowType Type, LeafDepths Depths) : IScalarVisitor<LeafReader>
    {
        // Parquet.Net has no DateTimeOffset: points in time are its UTC DateTime.
        public LeafReader Visit<T>(ScalarType<T> type) where T : struct =>
            type is ScalarType<DateTimeOffset> offsets
                ? new LeafReader<DateTime, DateTimeOffset>(
                    Field, Depths, () => offsets.NewBuilder(Type), value => new(value.Ticks, TimeSpan.Zero))
                : new LeafReader<T, T>(Field, Depths, () => type.NewBuilder(Type), value => value);
    }
}

/// <inheritdoc/>
internal sealed class LeafReader<TFile, TView>(
    DataField field, LeafDepths depths, Func<ValueBuilder<TView>> newBuilder, Func<TFile, TView> convert)
    : LeafReader(field, depths) where TFile : struct
{
    private ValueBuilder<TView> _builder = newBuilder();
    private TFile[] _values = [];
    private int _next;

    public override ArrayData Build()
    {
        var built = _builder.Build();
        _builder = newBuilder();
        return built;
    }

    protected override void LoadValues(ParquetRowGroupReader group, int count, int[]? definitions, int[]? repetitions)
    {
        _values = [];
        _next = 0;
        _values = new TFile[count];
        Blocking.Wait(group.ReadRawAsync<TFile>(Field, _values, Levels(definitions), Levels(repetitions)));
    }

    protected override void ReadValue() => _builder.Append(convert(_values[_next++]));

    protected override void ReadNull() => _builder.AppendNull();

    protected override void SkipValue() => _next++;

    // A plain null would become an empty memory.
    private static Memory<int>? Levels(int[]? levels) => levels is null ? default(Memory<int>?) : levels.AsMemory();
}

/// <summary>The definition levels from which on there is an element, a struct and a value.</summary>
/// <param name="Element">0 where the column is no list.</param>
/// <param name="Struct">The element's where there is no struct.</param>
/// <param name="Value">The leaf's own maximum.</param>
internal readonly record struct LeafDepths(int Element, int Struct, int Value);

/// <summary>What the leaves of a column are nested in: its lists and structs.</summary>
internal sealed class Nesting(LeafDepths depths)
{
    private Validity _lists = new();
    private Validity _structs = new();
    private Offsets _offsets = new();

    public void AddElement(int depth) => _structs.Append(depth >= depths.Struct);

    // An empty list is one level above its elements, a null one two.
    public void EndRow(int depth)
    {
        _lists.Append(depth >= depths.Element - 1);
        _offsets.Append(_structs.Length);
    }

    /// <summary>The column of these leaves; starts anew.</summary>
    /// <exception cref="InvalidDataException">The leaves disagree on the number of elements.</exception>
    public ArrayData Build(IArrowType type, ArrayData[] leaves)
    {
        if (System.Array.Exists(leaves, leaf => leaf.Length != _structs.Length))
            throw new InvalidDataException("the parts of a column differ in length");
        var element = type is ListType list ? list.ValueDataType : type;
        var data = element is StructType
            ? new ArrayData(element, _structs.Length, _structs.NullCount, 0, [_structs.Build()], leaves)
            : leaves[0];
        if (type is ListType) data = new ArrayData(type, _lists.Length, _lists.NullCount, 0, [_lists.Build(), _offsets.Build()], [data]);
        (_lists, _structs, _offsets) = (new(), new(), new());
        return data;
    }
}
