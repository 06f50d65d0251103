using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.OnnxRuntime.Generation;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Tests.Generation;

[TestClass]
public sealed class ReplyTextTests
{
    private static readonly HuggingFaceTokenizer Tokenizer = HuggingFaceTokenizer.FromModel(OnnxModel.Bundled);

    [TestMethod]
    public void Pieces_join_to_the_text_up_to_the_stop_string_and_hold_nothing_of_it() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Cases(), c =>
    {
        var (text, stop) = c;
        var reply = new ReplyText(Tokenizer, [stop]);
        var expected = text.Contains(stop, StringComparison.Ordinal) ? text[..text.IndexOf(stop, StringComparison.Ordinal)] : text;
        var (pieces, stopped) = ("", false);
        foreach (var token in Ids(text))
        {
            stopped = reply.Append(token);
            pieces += reply.TakeNew();
            if (!expected.StartsWith(pieces, StringComparison.Ordinal)) return false;
            if (stopped) break;
        }
        return pieces + reply.TakeRest() == expected && stopped == (expected != text);
    }));

    [TestMethod]
    public void A_character_of_several_tokens_comes_when_it_is_whole()
    {
        var ids = Ids("🙂");
        Assert.IsGreaterThan(1, ids.Count);
        var reply = new ReplyText(Tokenizer, []);
        var pieces = ids.Select(id =>
        {
            reply.Append(id);
            return reply.TakeNew();
        }).ToArray();
        CollectionAssert.AreEqual(Enumerable.Repeat("", ids.Count - 1).Append("🙂").ToArray(), pieces);
    }

    [TestMethod]
    public void A_character_that_never_becomes_whole_is_a_replacement_character()
    {
        var reply = new ReplyText(Tokenizer, []);
        reply.Append(Ids("🙂")[0]);
        Assert.AreEqual("\uFFFD", reply.TakeRest());
    }

    [TestMethod]
    public void Special_tokens_and_ids_without_a_token_have_no_text()
    {
        var reply = new ReplyText(Tokenizer, []);
        reply.Append(Tokenizer.SpecialTokenId("<|user|>")!.Value);
        reply.Append(Tokenizer.VocabularySize + 5);
        Assert.AreEqual("", reply.TakeRest());
    }

    private static List<int> Ids(string text)
    {
        var ids = new List<int>();
        Tokenizer.Encode(text, ids);
        return ids;
    }

    // Few different characters, so that stop strings and their beginnings are often there.
    private static Arbitrary<(string Text, string Stop)> Cases() => ArbMap.Default.GeneratorFor<int>().Select(start =>
    {
        var random = new Random(start);
        string Word(int longest) => string.Concat(Enumerable.Range(0, 1 + random.Next(longest))
            .Select(_ => ((string[])["a", "b", "é", "🙂", "\n"])[random.Next(5)]));
        return (Word(40), Word(4));
    }).ToArbitrary();
}
