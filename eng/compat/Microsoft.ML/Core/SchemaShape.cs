using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What an estimator knows of a schema before it is fitted: names and item types, no sizes.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape Empty = new([]);
    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        _columns = [.. Check.NotNull(columns, nameof(columns))];
        Check.Param(_columns.All(c => c.Name is not null && c.ItemType is not null), nameof(columns),
            "Some items are not initialized properly.");
    }

    public int Count => _columns.Length;

    public Column this[int index] => _columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema)
        => new(schema.Where(c => !c.IsHidden).Select(c => Column.Of(c.Name, c.Type, c.Annotations)));

    /// <summary>The column of that name, or the exception that names it.</summary>
    internal Column Find(string name)
    {
        var column = _columns.FirstOrDefault(c => c.Name == name);
        Check.Param(column.Name is not null, "inputSchema", $"Could not find input column '{name}'");
        return column;
    }

    /// <summary>These columns with the given ones in the place of their namesakes, or after the others.</summary>
    internal SchemaShape With(IEnumerable<Column> columns)
    {
        var all = _columns.ToList();
        foreach (var column in columns)
        {
            var at = all.FindIndex(c => c.Name == column.Name);
            if (at < 0) all.Add(column);
            else all[at] = column;
        }

        return new SchemaShape(all);
    }

    public struct Column
    {
        public readonly string Name;
        public readonly VectorKind Kind;
        public readonly DataViewType ItemType;
        public readonly bool IsKey;
        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            Name = Check.NonEmpty(name, nameof(name));
            ItemType = Check.NotNull(itemType, nameof(itemType));
            (Kind, IsKey, Annotations) = (vecKind, isKey, annotations ?? Empty);
        }

        public enum VectorKind
        {
            Scalar,
            Vector,
            VariableVector,
        }

        internal static Column Of(string name, DataViewType type, DataViewSchema.Annotations annotations)
        {
            var vector = type as VectorDataViewType;
            var kind = vector is null ? VectorKind.Scalar : vector.IsKnownSize ? VectorKind.Vector : VectorKind.VariableVector;
            var item = vector?.ItemType ?? type;
            var shape = annotations is null ? Empty : Create(annotations.Schema);
            return item is KeyDataViewType
                ? new Column(name, kind, DataViewTypes.OfRaw(item.RawType), isKey: true, shape)
                : new Column(name, kind, item, isKey: false, shape);
        }

        internal Column Renamed(string name) => new(name, Kind, ItemType, IsKey, Annotations);

        /// <summary>Whether a column of this shape can be read as the given one: a vector of known size also as one of any size.</summary>
        internal bool IsReadableAs(Column wanted)
            => ItemType.Equals(wanted.ItemType) && IsKey == wanted.IsKey
            && (Kind == wanted.Kind || (Kind == VectorKind.Vector && wanted.Kind == VectorKind.VariableVector));

        internal string Describe()
        {
            var item = IsKey ? $"Key<{ItemType}>" : ItemType.ToString();
            return Kind switch
            {
                VectorKind.Vector => $"Vector<{item}>",
                VectorKind.VariableVector => $"VarVector<{item}>",
                _ => item,
            };
        }
    }
}
