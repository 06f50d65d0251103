using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Tests.Tokenization;

[TestClass]
public sealed class HuggingFaceTokenizerTests
{
    private static readonly HuggingFaceTokenizer Bundled = TokenizerVariants.Named("bundled");
    private static readonly HuggingFaceTokenizer Qwen = TokenizerVariants.Edited(root =>
        root["pre_tokenizer"] = Split(@"(?i:'s|'t)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"));

    [TestMethod]
    public void Decoding_what_was_encoded_gives_the_text_back() =>
        Prop.ForAll(Texts(), text =>
        {
            Assert.AreEqual(text, Bundled.Decode(Bundled.Ids(text)));
            Assert.AreEqual(text, Qwen.Decode(Qwen.Ids(text)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [TestMethod]
    public void Every_id_is_within_the_vocabulary()
    {
        Assert.AreEqual(2048, Bundled.VocabularySize);
        Prop.ForAll(Texts(), text => Assert.IsTrue(Bundled.Encode(text).All(id => id is >= 0 and < 2048)))
            .Check(Config.QuickThrowOnFailure);
    }

    [TestMethod]
    public void Lone_surrogates_become_replacement_characters()
    {
        CollectionAssert.AreEqual(Bundled.Ids("a\uFFFDb\uFFFD"), Bundled.Ids("a\uD83Db\uDE00"));
        Assert.AreEqual("\uFFFD😀", Bundled.Decode(Bundled.Ids("\uD83D😀")));
    }

    [TestMethod]
    public void Special_tokens_in_data_are_ordinary_characters()
    {
        var ids = Bundled.Ids("a<|endoftext|>b");
        Assert.DoesNotContain(0, ids);
        Assert.AreEqual("a<|endoftext|>b", Bundled.Decode(ids, skipSpecialTokens: true));
    }

    [TestMethod]
    public void Special_tokens_are_parsed_where_that_is_asked_for()
    {
        var ids = Bundled.Ids("<|user|>Hi<|assistant|><|endoftext|>", parseSpecialTokens: true);
        CollectionAssert.AreEqual((int[])[2, .. Bundled.Encode("Hi"), 3, 0], ids);
        Assert.AreEqual("<|user|>Hi<|assistant|><|endoftext|>", Bundled.Decode(ids));
        Assert.AreEqual("Hi", Bundled.Decode(ids, skipSpecialTokens: true));
        Assert.AreEqual(2, Bundled.SpecialTokenId("<|user|>"));
        Assert.IsNull(Bundled.SpecialTokenId("Hi"));
    }

    [TestMethod]
    public void Added_tokens_that_are_not_special_are_always_parsed_and_the_longest_wins()
    {
        var tokenizer = TokenizerVariants.Edited(root => Add(root, Added(2048, "<think>"), Added(2049, "<think>>")));
        CollectionAssert.AreEqual((int[])[2049, 2048], tokenizer.Ids("<think>><think>"));
        Assert.AreEqual("<think>>a", tokenizer.Decode(tokenizer.Ids("<think>>a"), skipSpecialTokens: true));
    }

    [TestMethod]
    public void Added_tokens_swallow_white_space_and_respect_words_as_they_say()
    {
        var tokenizer = TokenizerVariants.Edited(root => Add(root,
            Added(2048, "[L]", ("lstrip", true)), Added(2049, "[R]", ("rstrip", true)), Added(2050, "word", ("single_word", true))));
        CollectionAssert.AreEqual((int[])[.. tokenizer.Ids("a"), 2048, .. tokenizer.Ids(" b")], tokenizer.Ids("a \n[L] b"));
        CollectionAssert.AreEqual((int[])[.. tokenizer.Ids("a "), 2049, .. tokenizer.Ids("b")], tokenizer.Ids("a [R] \tb"));
        Assert.DoesNotContain(2050, tokenizer.Ids("swords"));
        Assert.Contains(2050, tokenizer.Ids("a word."));
    }

    [TestMethod]
    public void Normalized_added_tokens_are_found_in_the_normalized_text()
    {
        var tokenizer = TokenizerVariants.Edited(root =>
        {
            root["normalizer"] = new JsonObject { ["type"] = "Lowercase" };
            Add(root, Added(2048, "ABC", ("normalized", true)), Added(2049, "DEF"));
        });
        CollectionAssert.AreEqual((int[])[2048, 2049], tokenizer.Ids("aBcDEF"));
        Assert.DoesNotContain(2049, tokenizer.Ids("def"));
    }

    [TestMethod]
    public void A_prefix_space_is_added_where_none_is()
    {
        var tokenizer = TokenizerVariants.Edited(root => root["pre_tokenizer"] = JsonNode.Parse("""{"type":"ByteLevel","add_prefix_space":true}"""));
        CollectionAssert.AreEqual(tokenizer.Ids(" the total"), tokenizer.Ids("the total"));
        CollectionAssert.AreNotEqual(Bundled.Ids("the total"), tokenizer.Ids("the total"));
    }

    [TestMethod]
    public void Merges_may_be_pairs_instead_of_strings()
    {
        var tokenizer = TokenizerVariants.Edited(root => root["model"]!["merges"] = new JsonArray(
            [.. root["model"]!["merges"]!.AsArray()
                .Select(merge => new JsonArray([.. merge!.GetValue<string>().Split(' ').Select(part => (JsonNode)part)]))]));
        CollectionAssert.AreEqual(Bundled.Ids("The total is 42."), tokenizer.Ids("The total is 42."));
    }

    [TestMethod]
    public void A_word_of_a_million_characters_is_encoded()
    {
        var text = string.Concat(Enumerable.Repeat("therein", 150_000));
        Assert.AreEqual(text, Bundled.Decode(Bundled.Ids(text)));
    }

    [TestMethod]
    public void More_words_than_the_cache_holds_are_encoded_alike()
    {
        var first = Bundled.Ids("alpha beta");
        for (var i = 0; i < 70_000; i++)
            Bundled.Encode($"w{(char)('a' + i % 26)}{(char)('a' + i / 26 % 26)}{(char)('a' + i / 676 % 26)}{(char)('a' + i / 17576)}");
        CollectionAssert.AreEqual(first, Bundled.Ids("alpha beta"));
    }

    [TestMethod]
    [DataRow("""{"model":{"type":"WordPiece"}}""", "WordPiece")]
    [DataRow("""{"model":{"byte_fallback":true}}""", "byte_fallback")]
    [DataRow("""{"model":{"end_of_word_suffix":"</w>"}}""", "end_of_word_suffix")]
    [DataRow("""{"model":{"dropout":0.1}}""", "dropout")]
    [DataRow("""{"pre_tokenizer":{"type":"Metaspace"}}""", "Metaspace")]
    [DataRow("""{"pre_tokenizer":null}""", "pre_tokenizer")]
    [DataRow("""{"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},{"type":"Digits"}]}}""", "ByteLevel")]
    [DataRow("""{"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"["},"behavior":"Isolated"},{"type":"ByteLevel"}]}}""", "edited tokenizer.json")]
    [DataRow("""{"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\p{Han}"},"behavior":"Isolated"},{"type":"ByteLevel"}]}}""", "Han")]
    [DataRow("""{"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"String":" "},"behavior":"Sideways"},{"type":"ByteLevel"}]}}""", "Sideways")]
    [DataRow("""{"normalizer":{"type":"Precompiled"}}""", "Precompiled")]
    [DataRow("""{"decoder":{"type":"Metaspace"}}""", "decoder")]
    [DataRow("""{"model":{"merges":["zz qq"]}}""", "zz")]
    [DataRow("""{"model":{"merges":["a b c"]}}""", "merge")]
    [DataRow("""{"model":{"vocab":{"a":0}}}""", "id")]
    [DataRow("""{"added_tokens":[{"id":0,"content":"other"}]}""", "same id")]
    [DataRow("""{"added_tokens":[{"id":5000,"content":"far"}]}""", "5000")]
    [DataRow("""{"model":{"vocab":[]}}""", "edited tokenizer.json")]
    [DataRow("""{"added_tokens":7}""", "edited tokenizer.json")]
    public void What_is_damaged_or_not_supported_is_refused_by_name(string overrides, string named)
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() =>
            TokenizerVariants.Edited(root => TokenizerVariants.Merge(root, JsonNode.Parse(overrides)!.AsObject())));
        Assert.AreEqual(ErrorCode.DamagedTokenizer, fault.Code);
        Assert.Contains("edited tokenizer.json", fault.Message);
        Assert.Contains(named, fault.Message);
    }

    [TestMethod]
    public void A_vocabulary_without_a_byte_is_refused_unless_there_is_an_unknown_token()
    {
        static void RenameByte(JsonObject root)
        {
            var vocabulary = root["model"]!["vocab"]!.AsObject();
            vocabulary["unused-name"] = vocabulary["ÿ"]!.DeepClone();
            vocabulary.Remove("ÿ");
        }

        Assert.Contains("0xFF", Assert.ThrowsExactly<PipelineException>(() => TokenizerVariants.Edited(RenameByte)).Message);
        var tokenizer = TokenizerVariants.Edited(root =>
        {
            RenameByte(root);
            root["model"]!["unk_token"] = "unused-name";
        });
        Assert.AreEqual("a", tokenizer.Decode(tokenizer.Ids("a")));
    }

    [TestMethod]
    public void Files_that_are_not_json_or_not_there_are_refused()
    {
        foreach (var json in (string[])["", "{", "[]", "null", "{\"model\":{}}"])
            Assert.AreEqual(ErrorCode.DamagedTokenizer,
                Assert.ThrowsExactly<PipelineException>(() => HuggingFaceTokenizer.FromJson(Encoding.UTF8.GetBytes(json), "x")).Code);
        Assert.AreEqual(ErrorCode.DamagedTokenizer,
            Assert.ThrowsExactly<PipelineException>(() => HuggingFaceTokenizer.FromFile("/no/such/tokenizer.json")).Code);
    }

    [TestMethod]
    public void Ids_out_of_range_cannot_be_decoded() =>
        Assert.AreEqual(ErrorCode.TokenOutOfRange, Assert.ThrowsExactly<PipelineException>(() => Bundled.Decode([1, 2048])).Code);

    [TestMethod]
    public void Concurrent_calls_give_the_same_ids()
    {
        var texts = File.ReadLines(TokenizerVariants.DataFile("tokenizer-lines.txt")).Take(300).ToList();
        var tokenizer = TokenizerVariants.Named("bundled");
        var alone = texts.Select(text => Bundled.Ids(text)).ToList();
        Parallel.For(0, texts.Count, i => CollectionAssert.AreEqual(alone[i], tokenizer.Ids(texts[i])));
    }

    private static Arbitrary<string> Texts()
    {
        var code = Gen.OneOf(Gen.Choose(0, 0x7F), Gen.Choose(0x80, 0xD7FF), Gen.Choose(0xE000, 0x10FFFF),
            Gen.Elements(0x20, 0x0A, 0x0D, 0x3000, 0x1D465, 0x20BB7, 0x1F600, 0x301));
        return Gen.ListOf(code).Select(codes => string.Concat(codes.Select(c => new Rune(c).ToString()))).ToArbitrary();
    }

    private static JsonObject Split(string pattern) => new JsonObject
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(
            new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated" },
            new JsonObject { ["type"] = "ByteLevel", ["use_regex"] = false }),
    };

    private static void Add(JsonObject root, params JsonObject[] tokens)
    {
        foreach (var token in tokens)
            root["added_tokens"]!.AsArray().Add(token);
    }

    private static JsonObject Added(int id, string content, params (string Name, bool Value)[] flags)
    {
        var token = new JsonObject { ["id"] = id, ["content"] = content, ["special"] = false };
        foreach (var (name, value) in flags)
            token[name] = value;
        return token;
    }
}
