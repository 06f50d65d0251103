using System.Text.Encodings.Web;
using System.Text.Json;

namespace ML.Pipelines.Training;

/// <summary>JSON Lines for commands: the same rows are the same bytes.</summary>
internal static class DataLines
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object a line, in UTF-8.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="write">Writes a row's properties.</param>
    public static byte[] Write<T>(IEnumerable<T> rows, Action<Utf8JsonWriter, T> write)
    {
        using var lines = new MemoryStream();
        foreach (var row in rows)
        {
            using (var writer = new Utf8JsonWriter(lines, Options))
            {
                writer.WriteStartObject();
                write(writer, row);
                writer.WriteEndObject();
            }
            lines.WriteByte((byte)'\n');
        }
        return lines.ToArray();
    }
}
