using System.Globalization;
using Microsoft.Extensions.AI;
using ML.Pipelines.Teachers;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace ML.Pipelines.OpenAI;

/// <summary>A call in the words of its server: parameters that OpenAI lacks, the name of the output limit, a schema in the
/// prompt.</summary>
internal static class ChatRequest
{
    public static (IReadOnlyList<ChatMessage> Messages, ChatOptions Options) Create(
        OpenAIServer server, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        var settings = options?.Clone() ?? new ChatOptions();
        var completion = new ChatCompletionOptions();
        if (settings.MaxOutputTokens is { } most) completion.Patch.Set(Path(server.OutputLimit), most);
        if (settings.TopK is { } topK) completion.Patch.Set("$.top_k"u8, topK);
        if (RepetitionPenalty(settings) is { } penalty)
        {
            completion.Patch.Set("$.repetition_penalty"u8, penalty);
            // llama.cpp's name for it.
            completion.Patch.Set("$.repeat_penalty"u8, penalty);
        }
        if (messages[^1].Role == ChatRole.Assistant) Continue(completion);
        settings.MaxOutputTokens = null;
        settings.AdditionalProperties = null;
        settings.RawRepresentationFactory = _ => completion;
        if (server.SupportsSchemas || settings.ResponseFormat is not ChatResponseFormatJson { Schema: { } schema })
            return (messages, settings);
        settings.ResponseFormat = null;
        return (WithInstruction(messages, $"Reply with JSON alone, of this JSON schema: {schema.GetRawText()}"), settings);
    }

    // Many chat templates take one system message only, and that first.
    private static IReadOnlyList<ChatMessage> WithInstruction(IReadOnlyList<ChatMessage> messages, string instruction) =>
        messages[0].Role == ChatRole.System
            ? [new ChatMessage(ChatRole.System, $"{messages[0].Text}\n\n{instruction}"), .. messages.Skip(1)]
            : [new ChatMessage(ChatRole.System, instruction), .. messages];

    // vLLM and SGLang open a new turn otherwise.
    private static void Continue(ChatCompletionOptions completion)
    {
        completion.Patch.Set("$.continue_final_message"u8, true);
        completion.Patch.Set("$.add_generation_prompt"u8, false);
    }

    private static double? RepetitionPenalty(ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(CallProperties.RepetitionPenalty, out var value) == true && value is not null
            ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : null;

    private static ReadOnlySpan<byte> Path(string parameter) => System.Text.Encoding.UTF8.GetBytes($"$.{parameter}");
}
