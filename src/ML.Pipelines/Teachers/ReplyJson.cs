using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ML.Pipelines.Teachers;

/// <summary>
/// Finds the JSON that a model was asked for in what it wrote: text and code fences around it, comments, trailing commas and line ends
/// within strings are forgiven. Nothing is guessed: a value that is cut or has wrong escapes is none.
/// </summary>
internal static class ReplyJson
{
    /// <summary>Places tried, so that a long text full of braces costs little.</summary>
    private const int MostCandidates = 200;

    private const string EndOfThought = "</think>";
    private static readonly JsonReaderOptions Forgiving = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The first value of the schema, or what is wrong.</summary>
    public static (JsonElement? Value, string? Fault) Find(string text, JsonElement? schema)
    {
        var thought = text.LastIndexOf(EndOfThought, StringComparison.Ordinal);
        var json = Encoding.UTF8.GetBytes(thought < 0 ? text : text[(thought + EndOfThought.Length)..]);
        string? fault = null;
        for (int start = 0, tried = 0; tried < MostCandidates; tried++)
        {
            var next = json.AsSpan(start).IndexOfAny("{["u8);
            if (next < 0) break;
            start += next;
            var (value, length, reason) = Parse(json.AsMemory(start));
            reason ??= schema is { } shape ? JsonShape.Fault(value!.Value, shape) : null;
            if (reason is null) return (value, null);
            // The outermost value that nearly is one tells best what is wrong.
            fault ??= reason;
            start += length;
        }
        return (null, fault ?? "There is no JSON object or array in it.");
    }

    private static (JsonElement? Value, int Length, string? Fault) Parse(ReadOnlyMemory<byte> json)
    {
        var fault = TryParse(json.Span, out var value, out var length);
        if (fault is null) return (value, length, null);
        var (escaped, added) = EscapeLineEnds(json.Span);
        if (added > 0 && TryParse(escaped.WrittenSpan, out value, out _) is null) return (value, 1, null);
        return (null, 1, fault);
    }

    private static string? TryParse(ReadOnlySpan<byte> json, out JsonElement? value, out int length)
    {
        (value, length) = (null, 0);
        try
        {
            var reader = new Utf8JsonReader(json, Forgiving);
            value = JsonElement.ParseValue(ref reader);
            length = (int)reader.BytesConsumed;
            return null;
        }
        catch (JsonException fault)
        {
            return fault.Message;
        }
    }

    private static (ArrayBufferWriter<byte> Json, int Added) EscapeLineEnds(ReadOnlySpan<byte> json)
    {
        var escaped = new ArrayBufferWriter<byte>(json.Length + 16);
        var (inString, afterBackslash, added) = (false, false, 0);
        foreach (var character in json)
        {
            if (inString && Escape(character) is { Length: > 0 } escape)
            {
                escaped.Write(escape);
                added++;
            }
            else
            {
                escaped.Write([character]);
            }
            if (character == '"' && !afterBackslash) inString = !inString;
            afterBackslash = inString && character == '\\' && !afterBackslash;
        }
        return (escaped, added);
    }

    private static ReadOnlySpan<byte> Escape(byte character) => character switch
    {
        (byte)'\n' => "\\n"u8,
        (byte)'\r' => "\\r"u8,
        (byte)'\t' => "\\t"u8,
        _ => default,
    };
}
