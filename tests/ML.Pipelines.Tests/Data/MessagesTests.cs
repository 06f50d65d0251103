using Microsoft.ML;
using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data;

/// <summary>Lists of structs as members of row classes, in ML.NET's own loaders and mappings.</summary>
[TestClass]
public sealed class MessagesTests : FileTest
{
    private static readonly Conversation[] Conversations =
    [
        new() { Id = 1, Turns = [new("user", "2+2?"), new("assistant", "4")], Path = [new(1, "a"), new(2, null)] },
        new() { Id = 2, Turns = [], Path = [] },
        new() { Id = 3, Turns = [new(null, null)], Path = [new(3, "c")] },
    ];

    [TestMethod]
    public void A_member_is_loaded_as_a_column_of_its_type()
    {
        var view = ML.Data.LoadFromEnumerable(Conversations);
        Assert.AreEqual(MessagesDataViewType.Instance, view.Schema["Turns"].Type);
        Assert.AreEqual(PointsDataViewType.Instance, view.Schema["Path"].Type);
    }

    [TestMethod]
    public void Rows_come_back_as_they_were_loaded()
    {
        var back = ML.Data.CreateEnumerable<Conversation>(ML.Data.LoadFromEnumerable(Conversations), reuseRowObject: false).ToArray();
        for (var i = 0; i < Conversations.Length; i++)
        {
            Assert.AreEqual(Conversations[i].Id, back[i].Id);
            CollectionAssert.AreEqual(Conversations[i].Turns.ToArray(), back[i].Turns.ToArray());
            CollectionAssert.AreEqual(Conversations[i].Path.ToArray(), back[i].Path.ToArray());
        }
    }

    [TestMethod]
    public void A_mapping_reads_and_writes_messages()
    {
        var reverse = ML.Transforms.CustomMapping<Conversation, Reversed>((source, target) => target.Back = [.. Enumerable.Reverse(source.Turns)], null);
        var view = ML.Data.LoadFromEnumerable(Conversations);
        CollectionAssert.AreEqual(
            new[] { "[{'assistant', '4'}, {'user', '2+2?'}]", "[]", "[{null, null}]" }, RowText.Of(reverse.Fit(view).Transform(view), "Back").ToArray());
    }

    [TestMethod]
    public void Messages_of_a_file_are_messages_of_a_row_class()
    {
        var view = Load("""{"Turns": [{"role": "user", "content": "hi"}, {"role": "assistant"}]}""");
        var row = ML.Data.CreateEnumerable<Turns>(view, reuseRowObject: false).Single();
        CollectionAssert.AreEqual(new[] { new Message("user", "hi"), new Message("assistant", null) }, row.Messages.ToArray());
    }

    [TestMethod]
    public void A_type_from_outside_is_written_as_structs()
    {
        var view = ML.Data.LoadFromEnumerable(Conversations);
        using var cursor = view.GetRowCursor([view.Schema["Path"]]);
        var get = ((StructListDataViewType)view.Schema["Path"].Type).GetStructs(cursor, view.Schema["Path"]);
        StructValue?[] structs = [];
        Assert.IsTrue(cursor.MoveNext());
        get(ref structs);
        CollectionAssert.AreEqual(new[] { new StructValue(1L, "a"), new StructValue(2L, null) }, structs);
    }

    [TestMethod]
    public void A_type_from_outside_is_read_from_structs()
    {
        var get = (ValueGetter<IReadOnlyList<Point?>>)PointsDataViewType.Instance.FromStructs((ref StructValue?[] value) => value = [new(7L, "x"), null]);
        IReadOnlyList<Point?> points = [];
        get(ref points);
        CollectionAssert.AreEqual(new[] { new Point(7, "x"), null }, points.ToArray());
    }

    [TestMethod]
    public void The_attributes_are_equal_among_themselves()
    {
        Assert.AreEqual(new MessagesAttribute(), new MessagesAttribute());
        Assert.AreEqual(new MessagesAttribute().GetHashCode(), new MessagesAttribute().GetHashCode());
        Assert.IsFalse(new MessagesAttribute().Equals(new PointsAttribute()));
    }

    private sealed class Conversation
    {
        public int Id { get; set; }

        [Messages]
        public IReadOnlyList<Message> Turns { get; set; } = [];

        [Points]
        public IReadOnlyList<Point> Path { get; set; } = [];
    }

    private sealed class Reversed
    {
        [Messages]
        public IReadOnlyList<Message> Back { get; set; } = [];
    }

    private sealed class Turns
    {
        [Messages, ColumnName("Turns")]
        public IReadOnlyList<Message> Messages { get; set; } = [];
    }
}
