using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;

namespace ML.Pipelines.Data;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">system, user, assistant or tool; null where the source has none.</param>
/// <param name="Content">The text; null where the source has none.</param>
public sealed record Message(string? Role, string? Content);

/// <summary>A conversation: list&lt;struct&lt;role: text, content: text&gt;&gt;, raw type <c>IReadOnlyList&lt;Message&gt;</c>.</summary>
/// <remarks>
/// Registered with ML.NET, so a class with a member <c>[Messages] public IReadOnlyList&lt;Message&gt; Messages</c> can be loaded from and mapped.
/// </remarks>
public sealed class MessagesDataViewType : StructListDataViewType<Message>
{
    private MessagesDataViewType() : base([StructField.Text("role"), StructField.Text("content")]) { }

    /// <summary>The one instance, registered with <see cref="DataViewTypeManager"/>.</summary>
    public static MessagesDataViewType Instance { get; } = Register();

    /// <inheritdoc/>
    protected override StructValue ToStruct(Message element) => new(element.Role, element.Content);

    /// <inheritdoc/>
    protected override Message FromStruct(StructValue value) => new((string?)value[0], (string?)value[1]);

    private static MessagesDataViewType Register()
    {
        var type = new MessagesDataViewType();
        DataViewTypeManager.Register(type, typeof(IReadOnlyList<Message>), new MessagesAttribute());
        return type;
    }
}

/// <summary>Marks an <c>IReadOnlyList&lt;Message&gt;</c> member of a row class as a <see cref="MessagesDataViewType"/> column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
[SuppressMessage("Performance", "CA1813", Justification = "ML.NET compares attributes through the virtual Equals.")]
public sealed class MessagesAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() => _ = MessagesDataViewType.Instance;

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is MessagesAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MessagesAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(MessagesAttribute).GetHashCode();
}
