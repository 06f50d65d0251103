using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>How the fields and properties of a class become columns: fields first, then properties.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition(Type userType) => UserType = userType;

    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    internal Type UserType { get; }

    public Column this[string columnName]
    {
        get => Find(c => c.ColumnName == columnName);
        set
        {
            Check.NotNull(value, nameof(value));
            Check.Param(value.ColumnName == columnName, nameof(columnName),
                $"The column name is specified as '{value.ColumnName}' but must match the selector '{columnName}'.");
            var at = FindIndex(c => c.ColumnName == columnName);
            if (at < 0) Add(value);
            else this[at] = value;
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        Check.NotNull(userType, nameof(userType));
        var definition = new SchemaDefinition(userType);
        foreach (var member in Members(userType, direction))
        {
            var name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            definition.Add(new Column(member.Name, MemberColumnType.Of(member), name));
        }

        return definition;
    }

    private static IEnumerable<MemberInfo> Members(Type type, Direction direction)
    {
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance).Cast<MemberInfo>();
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0)
            .Where(p => (direction.HasFlag(Direction.Read) && direction.HasFlag(Direction.Write) && (IsRead(p) || IsWritten(p)))
                || (direction == Direction.Read && IsRead(p)) || (direction == Direction.Write && IsWritten(p)));
        return fields.Concat(properties).Where(m => m.GetCustomAttribute<NoColumnAttribute>() is null);
    }

    private static bool IsRead(PropertyInfo property) => property.GetMethod?.IsPublic == true;

    private static bool IsWritten(PropertyInfo property) => property.SetMethod?.IsPublic == true;

    public sealed class Column
    {
        private readonly DataViewSchema.Annotations.Builder _annotations = new();
        private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);

        internal Column(string memberName, DataViewType columnType, string columnName = null)
            => (MemberName, ColumnType, ColumnName) = (memberName, columnType, columnName ?? memberName);

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations => _annotations.ToAnnotations();

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Check.State(_kinds.Add(Check.NonEmpty(kind, nameof(kind))), "Column already contains an annotation of this kind.");
            _annotations.Add(kind, annotationType, (ref T destination) => destination = value);
        }

        internal void AddAnnotations(DataViewSchema.Annotations annotations) => _annotations.Add(annotations, _kinds.Add);
    }
}
