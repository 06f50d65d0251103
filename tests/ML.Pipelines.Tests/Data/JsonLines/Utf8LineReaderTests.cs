using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data.JsonLines;

[TestClass]
public sealed class Utf8LineReaderTests : FileTest
{
    private const int Buffer = 1 << 16;

    [TestMethod]
    public void Lines_end_with_a_line_feed() => AssertLines("a\nb\n", "1@0 a", "2@2 b");

    [TestMethod]
    public void A_carriage_return_before_the_line_feed_belongs_to_the_line_end() => AssertLines("a\r\nb\r\n", "1@0 a", "2@3 b");

    [TestMethod]
    public void A_carriage_return_inside_a_line_stays() => AssertLines("a\rb\n", "1@0 a\rb");

    [TestMethod]
    public void The_last_line_needs_no_line_end() => AssertLines("a\nb", "1@0 a", "2@2 b");

    [TestMethod]
    public void A_byte_order_mark_is_not_part_of_the_first_line() => AssertLines("\uFEFFa\nb\n", "1@0 a", "2@5 b");

    [TestMethod]
    public void A_byte_order_mark_after_the_start_stays() => AssertLines("a\n\uFEFFb\n", "1@0 a", "2@2 \uFEFFb");

    [TestMethod]
    public void Blank_lines_are_skipped_and_counted() => AssertLines("\n \t\r\na\n\n\nb\n  ", "3@5 a", "6@9 b");

    [TestMethod]
    [DataRow("")]
    [DataRow("\n")]
    [DataRow("\uFEFF")]
    [DataRow("\uFEFF\r\n")]
    public void A_file_without_text_has_no_lines(string text) => AssertLines(text);

    [TestMethod]
    [DataRow("abcd\nx\n", "1@0 abcd", "2@5 x")]
    [DataRow("abcd\r\nx\n", "1@0 abcd", "2@6 x")]
    [DataRow("\uFEFFabcd\r\nx\n", "1@0 abcd", "2@9 x")]
    [DataRow("x\nabcd", "1@0 x", "2@2 abcd")]
    public void A_line_of_exactly_the_limit_is_whole(string text, string first, string second) => AssertLines(text, 4, first, second);

    [TestMethod]
    [DataRow("abcde\nx\n", "1@0 too long", "2@6 x")]
    [DataRow("abcde\r\nx\n", "1@0 too long", "2@7 x")]
    [DataRow("\uFEFFabcde\r\nx\n", "1@0 too long", "2@10 x")]
    [DataRow("x\nabcde", "1@0 x", "2@2 too long")]
    [DataRow("x\nabcdefghijklmnop", "1@0 x", "2@2 too long")]
    [DataRow("     \nx\n", "1@0 too long", "2@6 x")]
    public void A_line_of_one_byte_more_is_too_long_and_the_next_is_found(string text, string first, string second) =>
        AssertLines(text, 4, first, second);

    [TestMethod]
    public void A_line_too_long_is_given_without_its_bytes()
    {
        using var lines = Open("abcde\n", 4);
        Assert.IsTrue(lines.MoveNext());
        Assert.AreEqual(0, lines.Line.Length);
    }

    [TestMethod]
    public void A_line_longer_than_the_buffer_is_whole()
    {
        using var lines = Open($"x\n{new string('y', 5 * Buffer + 17)}\nz", 1 << 20);
        Assert.IsTrue(lines.MoveNext() && lines.MoveNext());
        Assert.AreEqual(5 * Buffer + 17, lines.Line.Length);
        Assert.IsFalse(lines.Line.ContainsAnyExcept((byte)'y'));
        Assert.IsTrue(lines.MoveNext());
        Assert.AreEqual("z", Encoding.UTF8.GetString(lines.Line));
    }

    [TestMethod]
    public void Moving_on_after_the_end_gives_no_more_lines()
    {
        using var lines = Open("a\n", 4);
        Assert.IsTrue(lines.MoveNext());
        Assert.IsFalse(lines.MoveNext());
        Assert.IsFalse(lines.MoveNext());
    }

    [TestMethod]
    public void Lines_read_back_equal_the_lines_written_wherever_the_buffer_ends()
    {
        var path = Path.Combine(Folder, "lines");
        Prop.ForAll(Files().ToArbitrary(), file =>
        {
            File.WriteAllBytes(path, file.Bytes);
            var expected = file.Expected();
            CollectionAssert.AreEqual(expected, Read(path, 0, 1, file.Limit), "from the start");
            for (var i = 0; i < expected.Count; i++)
                CollectionAssert.AreEqual(expected[i..], Read(path, expected[i].Offset, expected[i].Number, file.Limit), $"from line {i}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    // Lengths around the buffer's size put line ends, carriage returns and marks on both sides of its border.
    private static Gen<TextFile> Files()
    {
        var length = Gen.Frequency((4, Gen.Choose(0, 12)), (2, Gen.Choose(Buffer - 8, Buffer + 4)), (1, Gen.Choose(1, 3 * Buffer)));
        var line =
            from size in length
            from letter in Gen.Elements('a', ' ', 'b')
            from end in Gen.Elements("\n", "\r\n")
            select (new string(letter, size), end);
        return
            from lines in Gen.ListOf(line, 8)
            from mark in Gen.Elements(true, false)
            from closed in Gen.Elements(true, false)
            from limit in Gen.Elements(1, 5, Buffer - 4, Buffer, 1 << 20)
            select new TextFile([.. lines], mark, closed, limit);
    }

    private static List<FoundLine> Read(string path, long offset, long number, int limit)
    {
        using var lines = new Utf8LineReader(path, offset, number, limit);
        var found = new List<FoundLine>();
        while (lines.MoveNext())
            found.Add(new(lines.LineNumber, lines.LineOffset, lines.TooLong ? null : Encoding.UTF8.GetString(lines.Line)));
        return found;
    }

    private void AssertLines(string text, params string[] expected) => AssertLines(text, 1 << 20, expected);

    private void AssertLines(string text, int limit, params string[] expected) =>
        CollectionAssert.AreEqual(expected, Read(Write("lines", text), 0, 1, limit).ConvertAll(line => line.ToString()));

    private Utf8LineReader Open(string text, int limit) => new(Write("lines", text), 0, 1, limit);

    private sealed record FoundLine(long Number, long Offset, string? Text)
    {
        public override string ToString() => $"{Number}@{Offset} {Text ?? "too long"}";
    }

    private sealed record TextFile((string Text, string End)[] Lines, bool Mark, bool Closed, int Limit)
    {
        public byte[] Bytes => Encoding.UTF8.GetBytes((Mark ? "\uFEFF" : "") + string.Concat(Lines.Select((line, i) => line.Text + End(i))));

        public List<FoundLine> Expected()
        {
            var found = new List<FoundLine>();
            long offset = 0;
            for (var i = 0; i < Lines.Length; i++)
            {
                var text = Lines[i].Text;
                if (text.Length > Limit) found.Add(new(i + 1, offset, null));
                else if (text.Trim().Length > 0) found.Add(new(i + 1, offset, text));
                offset += (i == 0 && Mark ? 3 : 0) + text.Length + End(i).Length;
            }
            return found;
        }

        public override string ToString() =>
            $"{string.Join(" ", Lines.Select((line, i) => $"{line.Text.Length}x'{line.Text.FirstOrDefault()}'+{End(i).Length}"))} mark {Mark} limit {Limit}";

        private string End(int line) => line < Lines.Length - 1 || Closed ? Lines[line].End : "";
    }
}
