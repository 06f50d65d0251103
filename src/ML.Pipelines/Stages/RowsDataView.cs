using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Stages;

/// <summary>Rows of a class as a data view, with nulls.</summary>
internal sealed class RowsDataView<T> : InMemoryDataView
{
    private readonly IReadOnlyList<T> _rows;
    private readonly IReadOnlyList<OutputColumn<T>> _columns;
    private readonly OutputColumn<T>[] _nullable;

    public RowsDataView(IReadOnlyList<T> rows, IReadOnlyList<OutputColumn<T>> columns)
    {
        (_rows, _columns) = (rows, columns);
        _nullable = [.. columns.Where(column => column.IsNull is not null)];
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns) Nulls.AddValue(builder, column.Name, column.Type, column.IsNull is not null);
        foreach (var column in _nullable) Nulls.AddCompanion(builder, column.Name, column.Type);
        Schema = builder.ToSchema();
    }

    public override int Count => _rows.Count;

    protected override DataViewRowId Id(int row) => new((ulong)row, 0);

    protected override Delegate Getter(int column, Func<int> row) => column < _columns.Count
        ? _columns[column].Getter(() => _rows[row()])
        : _nullable[column - _columns.Count].NullGetter(() => _rows[row()]);
}
