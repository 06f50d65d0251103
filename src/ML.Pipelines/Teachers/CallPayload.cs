using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ML.Pipelines.Teachers;

/// <summary>The canonical form of all that a call sends: two calls are the same where their hashes are.</summary>
/// <remarks>Journals on disk are keyed by it: what is written here must not change for a call that was possible before.</remarks>
internal static class CallPayload
{
    /// <summary>SHA-256 over messages, sampling options and format of the reply, lower-case hexadecimal.</summary>
    public static string Hash(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartArray();
            WriteMessages(writer, messages);
            if (options is not null) WriteOptions(writer, options);
            writer.WriteEndArray();
        }
        return Convert.ToHexStringLower(SHA256.HashData(json.WrittenSpan));
    }

    private static void WriteMessages(Utf8JsonWriter writer, IEnumerable<ChatMessage> messages)
    {
        writer.WriteStartArray();
        foreach (var message in messages)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(message.Role.Value);
            foreach (var content in message.Contents) WriteContent(writer, content);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
    }

    private static void WriteContent(Utf8JsonWriter writer, AIContent content)
    {
        if (content is TextContent text) writer.WriteStringValue(text.Text);
        else JsonSerializer.Serialize(writer, content, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent)));
    }

    private static void WriteOptions(Utf8JsonWriter writer, ChatOptions options)
    {
        writer.WriteStartObject();
        Write(writer, "max_tokens", options.MaxOutputTokens);
        Write(writer, "temperature", options.Temperature);
        Write(writer, "top_p", options.TopP);
        Write(writer, "top_k", options.TopK);
        Write(writer, "frequency_penalty", options.FrequencyPenalty);
        Write(writer, "presence_penalty", options.PresencePenalty);
        Write(writer, "seed", options.Seed);
        Write(writer, "instructions", options.Instructions);
        Write(writer, "stop", options.StopSequences);
        Write(writer, "reply", options.ResponseFormat is ChatResponseFormatJson json ? json.Schema ?? (object)"json" : null);
        foreach (var (name, value) in (options.AdditionalProperties ?? []).OrderBy(property => property.Key, StringComparer.Ordinal))
            if (!CallProperties.IsIdentity(name)) Write(writer, "+" + name, value);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, object? value)
    {
        if (value is null) return;
        writer.WritePropertyName(name);
        JsonSerializer.Serialize(writer, value, value.GetType());
    }
}
