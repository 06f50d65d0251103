using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Traces;

/// <summary>A column of turns: structs with a role (or from) and a content (or value).</summary>
internal static class Conversation
{
    /// <summary>Whether a column's type is that of a conversation.</summary>
    public static bool Is(DataViewType type) => type is StructListDataViewType list && Field(list, Role) >= 0 && Field(list, Content) >= 0;

    /// <summary>A function that reads the text of a role: of its first turn, for an assistant its last; null where it has none.</summary>
    public static Func<string?> Reader(DataViewRow row, DataViewSchema.Column column, TurnRole role)
    {
        var type = (StructListDataViewType)column.Type;
        var (roleField, contentField) = (Field(type, Role), Field(type, Content));
        var turns = type.GetStructs(row, column);
        StructValue?[] value = [];
        return () =>
        {
            turns(ref value);
            bool OfRole(StructValue? turn) => MapExpression.RoleOf((string?)turn?[roleField]) == role;
            var turn = role == TurnRole.Assistant ? Array.FindLast(value, OfRole) : Array.Find(value, OfRole);
            return (string?)turn?[contentField];
        };
    }

    private static string[] Role => ["role", "from"];

    private static string[] Content => ["content", "value"];

    private static int Field(StructListDataViewType type, string[] names)
    {
        for (var i = 0; i < type.Fields.Count; i++)
            if (names.Contains(type.Fields[i].Name) && type.Fields[i].Type is TextDataViewType) return i;
        return -1;
    }
}
