using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Columns in order; the last of several with one name is the visible one.</summary>
public sealed partial class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _visible = new(StringComparer.Ordinal);

    private DataViewSchema(IReadOnlyList<DetachedColumn> columns)
    {
        for (var i = 0; i < columns.Count; i++) _visible[columns[i].Name] = i;
        _columns = [.. columns.Select((c, i) => new Column(c.Name, i, _visible[c.Name] != i, c.Type, c.Annotations))];
    }

    public int Count => _columns.Length;

    public Column this[string name]
    {
        get
        {
            Check.NonEmpty(name, nameof(name));
            Check.Param(_visible.TryGetValue(name, out var index), nameof(name), $"Column '{name}' not found");
            return _columns[index];
        }
    }

    public Column this[int columnIndex]
    {
        get
        {
            Check.Param(columnIndex >= 0 && columnIndex < _columns.Length, nameof(columnIndex));
            return _columns[columnIndex];
        }
    }

    public Column? GetColumnOrNull(string name)
    {
        Check.NotNull(name, nameof(name));
        return _visible.TryGetValue(name, out var index) ? _columns[index] : null;
    }

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    public override string ToString() => $"{Count} columns";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether the column is this schema's own: an equal name and type at its index.</summary>
    internal bool Owns(Column column)
        => column.Index < _columns.Length && _columns[column.Index].Name == column.Name && _columns[column.Index].Type.Equals(column.Type);

    public struct Column
    {
        internal Column(string name, int index, bool isHidden, DataViewType type, Annotations annotations)
        {
            (Name, Index, IsHidden, Type) = (name, index, isHidden, type);
            Annotations = annotations ?? Annotations.Empty;
        }

        public string Name { get; }

        public int Index { get; }

        public bool IsHidden { get; }

        public DataViewType Type { get; }

        public Annotations Annotations { get; }

        public override string ToString() => $"{Name}: {Type}{(IsHidden ? " (hidden)" : string.Empty)}";
    }

    public struct DetachedColumn
    {
        public DetachedColumn(string name, DataViewType type, Annotations annotations = null)
        {
            Name = Check.NonEmpty(name, nameof(name));
            Type = Check.NotNull(type, nameof(type));
            Annotations = annotations ?? Annotations.Empty;
        }

        public DetachedColumn(Column column)
        {
            (Name, Type, Annotations) = (column.Name, column.Type, column.Annotations);
        }

        public string Name { get; }

        public DataViewType Type { get; }

        public Annotations Annotations { get; }
    }

    public sealed class Builder
    {
        private readonly List<DetachedColumn> _columns = [];

        public Builder()
        {
        }

        public void AddColumn(string name, DataViewType type, Annotations annotations = null)
            => _columns.Add(new DetachedColumn(name, type, annotations));

        public void AddColumns(IEnumerable<Column> source)
            => _columns.AddRange(Check.NotNull(source, nameof(source)).Select(c => new DetachedColumn(c)));

        public void AddColumns(IEnumerable<DetachedColumn> source) => _columns.AddRange(Check.NotNull(source, nameof(source)));

        public DataViewSchema ToSchema() => new(_columns);
    }
}
