using System.Text.Json;

namespace ML.Pipelines.Testing;

/// <summary>The answers in the form of OpenAI.</summary>
internal static class FakeJson
{
    private const long Created = 1_700_000_000;

    public static string Error(string code, string message) =>
        JsonSerializer.Serialize(new { error = new { message, type = "error", param = (string?)null, code } });

    public static string Models(IEnumerable<string> models) =>
        JsonSerializer.Serialize(new
        {
            @object = "list",
            data =
            models.Select(id => new { id, @object = "model", created = Created, owned_by = "test" })
        });

    public static string Chat(string model, FakeReply reply) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = Created,
        model,
        choices = new[] { new { index = 0, message = Message(reply), finish_reason = reply.FinishReason } },
        usage = Usage(reply.InputTokens, reply.OutputTokens),
    });

    /// <summary>The reply as a stream of server-sent events: its text in pieces, the end, usage.</summary>
    public static string ChatStream(string model, FakeReply reply) =>
        string.Concat(ChatEvents(model, reply).Append("[DONE]").Select(data => $"data: {data}\n\n"));

    private static IEnumerable<string> ChatEvents(string model, FakeReply reply)
    {
        const int Piece = 4;
        if (reply.Reasoning is { } reasoning) yield return Event(model, new { reasoning_content = reasoning }, null);
        for (var i = 0; i < reply.Text.Length; i += Piece)
            yield return Event(model, new { content = reply.Text.Substring(i, Math.Min(Piece, reply.Text.Length - i)) }, null);
        yield return Event(model, new { }, reply.FinishReason);
        yield return JsonSerializer.Serialize(new
        {
            id = "chatcmpl-1",
            @object = "chat.completion.chunk",
            created = Created,
            model,
            choices = Array.Empty<object>(),
            usage = Usage(reply.InputTokens, reply.OutputTokens),
        });
    }

    public static string Completion(string model, IReadOnlyList<(string Token, double? LogProbability)> prompt)
    {
        var offsets = new int[prompt.Count];
        for (var i = 1; i < offsets.Length; i++) offsets[i] = offsets[i - 1] + prompt[i - 1].Token.EnumerateRunes().Count();
        return JsonSerializer.Serialize(new
        {
            id = "cmpl-1",
            @object = "text_completion",
            created = Created,
            model,
            choices = new[]
            {
                new
                {
                    index = 0,
                    text = string.Concat(prompt.Select(token => token.Token)),
                    finish_reason = "length",
                    logprobs = new { tokens = prompt.Select(token => token.Token), token_logprobs =
                        prompt.Select(token => token.LogProbability), text_offset = offsets },
                },
            },
            usage = Usage(prompt.Count, 0),
        });
    }

    private static Dictionary<string, object?> Message(FakeReply reply)
    {
        var message = new Dictionary<string, object?> { ["role"] = "assistant", ["content"] = reply.Refusal is null ? reply.Text : null };
        if (reply.Reasoning is { } reasoning) message["reasoning_content"] = reasoning;
        if (reply.Refusal is { } refusal) message["refusal"] = refusal;
        return message;
    }

    private static string Event(string model, object delta, string? finishReason) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion.chunk",
        created = Created,
        model,
        choices = new[] { new { index = 0, delta, finish_reason = finishReason } },
    });

    private static object Usage(long input, long output) =>
        new { prompt_tokens = input, completion_tokens = output, total_tokens = input + output };
}
