namespace Microsoft.ML.Data;

/// <summary>A column of a mapper's output: an input column passed on, a copy of one, or one that the mapper computes.</summary>
/// <param name="Column">Name, type and annotations.</param>
/// <param name="Source">The input column's index; the complement of the computed column's index where that is negative.</param>
/// <param name="IsNew">Whether the mapper adds it.</param>
internal readonly record struct OutputColumn(DataViewSchema.DetachedColumn Column, int Source, bool IsNew);

/// <summary>What one row's computed columns are read from.</summary>
internal abstract class ComputedColumns
{
    internal abstract Delegate GetGetter(int computed);

    internal abstract void Compute();
}

/// <summary>The output schema of a row-to-row transformer and where each of its columns comes from.</summary>
internal abstract class RowMapper : IRowToRowMapper
{
    private protected RowMapper(DataViewSchema input, IReadOnlyList<OutputColumn> outputs)
    {
        (InputSchema, Outputs) = (input, outputs);
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(outputs.Select(o => o.Column));
        OutputSchema = schema.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    internal IReadOnlyList<OutputColumn> Outputs { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var active = ViewCursor.ActiveColumns(OutputSchema, dependingColumns);
        var needed = new bool[InputSchema.Count];
        for (var i = 0; i < active.Length; i++)
            if (active[i]) foreach (var input in InputsOf(Outputs[i])) needed[input] = true;
        return InputSchema.Where(c => needed[c.Index]);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        => new MappedRow(new MappedColumns(
            this, Check.NotNull(input, nameof(input)), ViewCursor.ActiveColumns(OutputSchema, activeColumns)));

    /// <summary>Opens the computed columns over a row; null where there are none.</summary>
    internal virtual ComputedColumns Open(DataViewRow input) => null;

    /// <summary>The input's columns with each added one directly after its namesake, or after all.</summary>
    private protected static List<OutputColumn> Append(
        DataViewSchema input, IEnumerable<(DataViewSchema.DetachedColumn Column, int Source)> added)
    {
        var outputs = input.Select(c => new OutputColumn(new DataViewSchema.DetachedColumn(c), c.Index, IsNew: false)).ToList();
        foreach (var (column, source) in added)
        {
            var namesake = outputs.FindLastIndex(o => o.Column.Name == column.Name);
            outputs.Insert(namesake < 0 ? outputs.Count : namesake + 1, new OutputColumn(column, source, IsNew: true));
        }

        return outputs;
    }

    /// <summary>The input columns that the computed ones read.</summary>
    private protected virtual IEnumerable<int> ComputedFrom() => [];

    private IEnumerable<int> InputsOf(OutputColumn output) => output.Source >= 0 ? [output.Source] : ComputedFrom();
}
