using System.Net.Http.Headers;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.OpenAI;

/// <summary>A single request of what the SDK does not know: the list of models, and completions with the log-probabilities of the
/// prompt.</summary>
internal static class ServerRequest
{
    /// <summary>Sends a request.</summary>
    /// <returns>The body of the answer.</returns>
    /// <exception cref="TeacherFaultException">Any fault.</exception>
    public static async Task<string> SendAsync(
        ServerConnection connection, HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(connection.Base, path));
        if (body is { } json)
            request.Content = new ReadOnlyMemoryContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            using var response = await connection.Http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return text;
            var answer = ErrorAnswer.Read((int)response.StatusCode, text, name => Header(response, name), DateTimeOffset.UtcNow);
            throw ServerFault.Of(answer, connection);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException
            || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw ServerFault.Of(fault, connection);
        }
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
