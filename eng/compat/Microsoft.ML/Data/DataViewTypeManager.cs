namespace Microsoft.ML.Data;

/// <summary>Which column type a .NET type outside the standard ones stands for, and back; one to one.</summary>
public static class DataViewTypeManager
{
    private static readonly Lock Gate = new();
    private static readonly List<Entry> Registered = [];

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        Check.NotNull(type, nameof(type));
        Check.Param(DataViewTypes.OfRaw(type) is null, nameof(type),
            $"Type {type} has been registered as ML.NET's default supported type, so it can't not be registered again.");
        lock (Gate)
        {
            if (Registered.Any(r => r.Column.Equals(dataViewType) && r.IsFor(type, typeAttribute))) return;
            foreach (var known in Registered) RefuseRepeated(known, dataViewType, type, typeAttribute);
            Registered.Add(new Entry(dataViewType, type, typeAttribute));
        }
    }

    /// <summary>The type registered for a member of that type and attribute; null if there is none.</summary>
    internal static DataViewType Find(Type raw, DataViewTypeAttribute attribute)
    {
        lock (Gate) return Registered.Find(r => r.IsFor(raw, attribute))?.Column;
    }

    private static void RefuseRepeated(Entry known, DataViewType column, Type raw, DataViewTypeAttribute attribute)
    {
        Check.Param(!known.IsFor(raw, attribute), "type", $"Repeated type register. The raw type {raw} "
            + $"has been associated with {known.Column} so it cannot be associated with {column}.");
        Check.Param(!known.Column.Equals(column), "dataViewType", $"Repeated type register. The DataView type {column} "
            + $"has been associated with {known.Raw} so it cannot be associated with {raw}.");
    }

    private sealed record Entry(DataViewType Column, Type Raw, DataViewTypeAttribute Attribute)
    {
        internal bool IsFor(Type raw, DataViewTypeAttribute attribute)
            => Raw == raw && (Attribute is null ? attribute is null : Attribute.Equals(attribute));
    }
}
