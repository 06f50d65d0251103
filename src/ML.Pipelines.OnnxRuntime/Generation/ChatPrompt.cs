using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ML.Pipelines.OnnxRuntime.Scoring;
using ML.Pipelines.OnnxRuntime.Templates;
using ML.Pipelines.OnnxRuntime.Tokenization;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>Turns a conversation into a prompt's ids with the model's chat template.</summary>
/// <remarks>
/// Special tokens written in a message are ordinary text. Where the last message is the assistant's, the prompt ends with it, so that the
/// reply continues it (transformers' continue_final_message); else it ends where the assistant's turn begins. Safe for concurrent calls.
/// </remarks>
internal sealed class ChatPrompt
{
    // Unicode's private use area: characters that texts seldom have and templates have no rules for.
    private const char FirstMask = '\uE000', LastMask = '\uF8FF';
    private static readonly string[] TokenNames = ["bos_token", "eos_token", "unk_token", "pad_token"];

    private readonly HuggingFaceTokenizer _tokenizer;
    private readonly ChatTemplate _template;
    private readonly string _source;
    private readonly Dictionary<string, object?> _variables;

    private ChatPrompt(HuggingFaceTokenizer tokenizer, string source, string name, Dictionary<string, object?> variables) =>
        (_tokenizer, _source, _template, _variables) = (tokenizer, source, ChatTemplate.Parse(source, name), variables);

    /// <summary>The template of a model: the options', else chat_template.jinja's, else that of tokenizer_config.json.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.ChatTemplate"/>: there is none, or none of the wanted name, or it
    /// cannot be used; or with <see cref="ErrorCode.DamagedModel"/>: tokenizer_config.json is damaged.</exception>
    public static ChatPrompt Open(OnnxModel model, HuggingFaceTokenizer tokenizer, OnnxChatClientOptions options)
    {
        const string File = "chat_template.jinja", Configuration = "tokenizer_config.json";
        var variables = ModelConfiguration.Open(model, Configuration, ReadTokens) ?? [];
        foreach (var (name, value) in options.TemplateVariables ?? new Dictionary<string, object>()) variables[name] = ToValue(value);
        if (options.Date is { } day) variables["strftime_now"] = TemplateGlobals.FormatDate(day);
        if (options.ChatTemplate is { } given) return new(tokenizer, given, "The chat template of the options", variables);
        if (options.ChatTemplateName is null && model.Read(File) is { } file)
            return new(tokenizer, Encoding.UTF8.GetString(file), model.Describe(File), variables);
        var source = ModelConfiguration.Open(model, Configuration, root => ReadTemplate(root, options.ChatTemplateName ?? "default"));
        return source is null ? throw Missing(model, options.ChatTemplateName)
            : new(tokenizer, source, "chat_template in " + model.Describe(Configuration), variables);
    }

    /// <summary>The prompt of one user turn.</summary>
    /// <exception cref="PipelineException">As <see cref="Encode(IReadOnlyList{ChatMessage})"/>.</exception>
    public IReadOnlyList<int> Encode(string content) => Encode([new ChatMessage(ChatRole.User, content)]);

    /// <summary>The prompt of a conversation.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.ChatTemplate"/>: the template does not take these messages, or they
    /// have other content than text.</exception>
    public IReadOnlyList<int> Encode(IReadOnlyList<ChatMessage> messages)
    {
        var texts = messages.Select(Text).ToList();
        var (mask, end) = UnusedCharacters([_source, .. texts]);
        var continues = messages.Count > 0 && messages[^1].Role == ChatRole.Assistant;
        var turns = messages.Select((message, i) => Turn(message.Role,
            continues && i == messages.Count - 1 ? end.ToString() : _tokenizer.MaskSpecialTokens(texts[i], mask)));
        var prompt = _template.Render(_variables.Concat(new Dictionary<string, object?>
        {
            ["messages"] = turns.ToList<object?>(),
            ["add_generation_prompt"] = !continues,
        }));
        if (continues) prompt = CutAt(prompt, end) + _tokenizer.MaskSpecialTokens(texts[^1], mask);
        var ids = new List<int>();
        _tokenizer.EncodeMasked(prompt, mask, ids);
        return ids;
    }

    private static Dictionary<string, object?> Turn(ChatRole role, string content) =>
        new() { ["role"] = role.Value, ["content"] = content };

    private static string Text(ChatMessage message) => message.Contents.All(content => content is TextContent) ? message.Text
        : throw new PipelineException(ErrorCode.ChatTemplate,
            $"A message of role {message.Role} has content that is not text: the model takes text only. Leave it out.");

    // The template may trim or split what the assistant said: where it puts a single character is where the text goes.
    private static string CutAt(string prompt, char end) => prompt.LastIndexOf(end) is >= 0 and var at ? prompt[..at]
        : throw new PipelineException(ErrorCode.ChatTemplate,
            "The chat template leaves out the assistant's message that is to be continued. Give the message as part of the user's.");

    private static (char Mask, char End) UnusedCharacters(IReadOnlyList<string> texts)
    {
        var used = texts.SelectMany(text => text).Where(character => character is >= FirstMask and <= LastMask).ToHashSet();
        var free = Enumerable.Range(FirstMask, LastMask - FirstMask + 1).Select(code => (char)code).Where(code => !used.Contains(code))
            .Take(2);
        return free.ToList() is [var mask, var end] ? (mask, end) : throw new PipelineException(ErrorCode.ChatTemplate,
            "The messages use all of Unicode's private use area. Take such characters out.");
    }

    private static Dictionary<string, object?> ReadTokens(JsonElement root)
    {
        var tokens = new Dictionary<string, object?>();
        foreach (var name in TokenNames)
            if (ModelConfiguration.Token(root, name) is { } token) tokens[name] = token;
        return tokens;
    }

    private static string? ReadTemplate(JsonElement root, string name)
    {
        if (!root.TryGetProperty("chat_template", out var template)) return null;
        if (template.ValueKind != JsonValueKind.Array) return name == "default" ? template.GetString() : null;
        var named = template.EnumerateArray().ToDictionary(entry => entry.GetProperty("name").GetString()!,
            entry => entry.GetProperty("template").GetString());
        return named.GetValueOrDefault(name);
    }

    private static object ToValue(object value) => value switch
    {
        int or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        float or double => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => value,
    };

    private static PipelineException Missing(OnnxModel model, string? name) => new(ErrorCode.ChatTemplate,
        $"{model.Describe("tokenizer_config.json")} has no chat_template{(name is null ? "" : $" of name '{name}'")}: the model may not be "
        + "one for chats. Choose an instruct model, or give its template as an option.");
}
