namespace Microsoft.ML.Data;

/// <summary>Fills objects of a class from the columns of the same names; checks names and types when made, not when used.</summary>
internal sealed class RowFiller<TRow>
    where TRow : class
{
    private readonly List<(MemberBinding Binding, DataViewSchema.Column Column)> _columns = [];

    internal RowFiller(DataViewSchema schema, SchemaDefinition definition = null, bool ignoreMissingColumns = false)
    {
        definition ??= SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write);
        foreach (var binding in MemberBinding.All(typeof(TRow), definition))
        {
            var column = schema.GetColumnOrNull(binding.Column.Name);
            Check.Param(column is not null || ignoreMissingColumns, "Schema", $"Could not find  column '{binding.Column.Name}'");
            if (column is { } found) _columns.Add((binding, Checked(binding, found)));
        }
    }

    internal IEnumerable<DataViewSchema.Column> Columns => _columns.Select(c => c.Column);

    internal Action<TRow> Open(DataViewRow row)
    {
        var fillers = _columns.Select(c => c.Binding.CreateFiller(row, c.Column)).ToArray();
        return target => Array.ForEach(fillers, fill => fill(target));
    }

    private static DataViewSchema.Column Checked(MemberBinding binding, DataViewSchema.Column column)
    {
        Check.State(binding.Fits(column.Type),
            $"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to field or property "
            + $"'{binding.Member.Name}' of type '{MemberColumnType.TypeOf(binding.Member)}'.");
        return column;
    }
}
