using System.Globalization;
using System.Text.Json;

namespace ML.Pipelines.OpenAI;

/// <summary>What a server says went wrong.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The server's code or type of error; empty where it gives none.</param>
/// <param name="Message">The server's message; the whole body where it is of no known form.</param>
/// <param name="RetryAfter">How long it asks to wait; null where it does not.</param>
internal sealed record ErrorAnswer(int Status, string Code, string Message, TimeSpan? RetryAfter)
{
    /// <summary>Reads the forms of OpenAI, Azure, vLLM, SGLang, llama.cpp and FastAPI.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The answer.</param>
    /// <param name="header">Gives a header's value, or null.</param>
    /// <param name="now">The time, for a Retry-After that is a date.</param>
    public static ErrorAnswer Read(int status, string body, Func<string, string?> header, DateTimeOffset now)
    {
        var (code, message) = ReadBody(body);
        return new(status, code, message, ReadRetryAfter(header, now));
    }

    private static (string Code, string Message) ReadBody(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return ("", body);
            var error = root.TryGetProperty("error", out var inner) ? inner : root;
            if (error.ValueKind == JsonValueKind.String) return ("", error.GetString()!);
            if (error.ValueKind != JsonValueKind.Object) return ("", body);
            return ($"{Text(error, "code")} {Text(error, "type")}".Trim(), Text(error, "message") ?? Text(error, "detail") ?? body);
        }
        catch (JsonException)
        {
            return ("", body);
        }
    }

    private static string? Text(JsonElement error, string name) =>
        !error.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();

    private static TimeSpan? ReadRetryAfter(Func<string, string?> header, DateTimeOffset now)
    {
        if (Number(header("retry-after-ms")) is { } milliseconds) return TimeSpan.FromMilliseconds(milliseconds);
        var asked = header("Retry-After");
        if (Number(asked) is { } seconds) return TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParse(asked, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date - now : null;
    }

    // More than a day is no wait but a refusal; and a number that no time can hold must not end the run.
    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 86_400_000
            ? number : null;
}
