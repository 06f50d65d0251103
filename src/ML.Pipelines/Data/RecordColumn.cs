using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>A column of a file.</summary>
/// <param name="Name">The column's name, case-sensitive.</param>
/// <param name="Type">A primitive type, a vector of a primitive type (a list), <see cref="StructDataViewType"/> or
/// <see cref="StructListDataViewType"/>.</param>
/// <param name="Nullable">Whether a value, or an element of a list, may be null.</param>
public sealed record RecordColumn(string Name, DataViewType Type, bool Nullable);
