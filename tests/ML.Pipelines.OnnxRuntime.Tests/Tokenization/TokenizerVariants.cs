using System.Text;
using System.Text.Json.Nodes;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Tests.Tokenization;

/// <summary>The bundled tokenizer.json with parts replaced.</summary>
internal static class TokenizerVariants
{
    public static string DataFile(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);

    public static JsonObject Bundled()
    {
        using var stream = typeof(HuggingFaceTokenizer).Assembly.GetManifestResourceStream("BundledModel/tokenizer.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    public static HuggingFaceTokenizer Named(string variant)
    {
        var variants = JsonNode.Parse(File.ReadAllText(DataFile("tokenizer-variants.json")))!.AsObject();
        return Edited(root => Merge(root, variants[variant]!.AsObject()));
    }

    public static HuggingFaceTokenizer Edited(Action<JsonObject> edit)
    {
        var root = Bundled();
        edit(root);
        return HuggingFaceTokenizer.FromJson(Encoding.UTF8.GetBytes(root.ToJsonString()), "edited tokenizer.json");
    }

    public static List<int> Encode(this HuggingFaceTokenizer tokenizer, string text, bool parseSpecialTokens = false)
    {
        var ids = new List<int>();
        tokenizer.Encode(text, ids, parseSpecialTokens);
        return ids;
    }

    public static int[] Ids(this HuggingFaceTokenizer tokenizer, string text, bool parseSpecialTokens = false) =>
        [.. tokenizer.Encode(text, parseSpecialTokens)];

    public static void Merge(JsonObject target, JsonObject overrides)
    {
        foreach (var (name, value) in overrides)
        {
            if (name == "model")
                Merge(target["model"]!.AsObject(), value!.AsObject());
            else
                target[name] = value?.DeepClone();
        }
    }
}
