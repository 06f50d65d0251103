using Apache.Arrow;
using ML.Pipelines.Data;
using ML.Pipelines.Parquet.Columns;

namespace ML.Pipelines.Parquet;

/// <summary>Which columns of a file a data view sees.</summary>
internal static class ColumnSelection
{
    /// <summary>The columns that the options ask for, and their indices in the file.</summary>
    public static (IReadOnlyList<RecordColumn> Columns, int[] Indices) Of(string path, Schema schema, ParquetReadOptions options)
    {
        var fields = schema.FieldsList;
        int[] indices = options.Columns is { } names
            ? [.. names.Select(name => IndexOf(path, fields, name))]
            : [.. Enumerable.Range(0, fields.Count).Where(i => !options.LeaveOutUnsupported || IsSupported(fields[i]))];
        if (indices.Length == 0) throw new PipelineException(ErrorCode.UnsupportedType, $"'{path}' has no column that can be read.");
        CheckNames(path, [.. indices.Select(index => fields[index].Name)]);
        return ([.. indices.Select(index => ToColumn(path, fields[index]))], indices);
    }

    /// <summary>A column of a file.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.UnsupportedType"/>.</exception>
    public static RecordColumn ToColumn(string path, Field field) =>
        ColumnTypes.ToView(field.DataType) is { } type
            ? new(field.Name, type, field.IsNullable)
            : throw new PipelineException(ErrorCode.UnsupportedType,
                $"Column '{field.Name}' of '{path}' is {ColumnTypes.Describe(field.DataType)}, which a data view cannot hold. " +
                "Set ParquetReadOptions.LeaveOutUnsupported, or name the columns to read in ParquetReadOptions.Columns.");

    private static bool IsSupported(Field field) => ColumnTypes.ToView(field.DataType) is not null;

    // A data view has no column without a name, and of two with one name it hides the first.
    private static void CheckNames(string path, string[] names)
    {
        var twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        var name = names.Contains("") ? "" : twice;
        if (name is not null)
            throw new PipelineException(ErrorCode.UnsupportedType,
                $"'{path}' has {(name.Length == 0 ? "a column without a name" : $"two columns named '{name}'")}. " +
                "Name the columns to read in ParquetReadOptions.Columns.");
    }

    private static int IndexOf(string path, IReadOnlyList<Field> fields, string name)
    {
        for (var i = 0; i < fields.Count; i++)
            if (fields[i].Name == name) return i;
        throw new PipelineException(ErrorCode.MissingColumn,
            $"'{path}' has no column '{name}'. It has: {string.Join(", ", fields.Select(field => field.Name))}.");
    }
}
