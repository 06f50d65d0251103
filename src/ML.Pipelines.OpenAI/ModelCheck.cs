using System.Text.Json;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.OpenAI;

/// <summary>Asks a server once which models it serves, before the first call that costs anything.</summary>
internal sealed class ModelCheck(ServerConnection connection) : IDisposable
{
    private readonly SemaphoreSlim _once = new(1, 1);
    private volatile bool _done = !connection.Server.CheckModel;

    /// <summary>Checks, unless it was done.</summary>
    /// <exception cref="TeacherFaultException">The server refuses the key or does not serve the model; or it could not be asked, and is
    /// again next time.</exception>
    public async ValueTask EnsureAsync(CancellationToken cancellationToken)
    {
        if (_done) return;
        await _once.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_done) return;
            await CheckAsync(cancellationToken).ConfigureAwait(false);
            _done = true;
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        string? body;
        try
        {
            body = await ServerRequest.SendAsync(connection, HttpMethod.Get, "models", null, cancellationToken).ConfigureAwait(false);
        }
        catch (TeacherFaultException fault)
            when (fault.Kind is TeacherFaultKind.UnknownEndpoint or TeacherFaultKind.BadRequest or TeacherFaultKind.UnknownModel)
        {
            // Not every server lists its models; the first call tells then.
            return;
        }
        var served = Names(body);
        if (served.Length == 0 || served.Contains(connection.Server.Model, StringComparer.Ordinal)) return;
        const int Shown = 10;
        var listed = connection.Quote(string.Join(", ", served.Take(Shown))) + (served.Length > Shown ? " and others" : "");
        throw new TeacherFaultException(TeacherFaultKind.UnknownModel,
            $"{connection.Place}: the server does not list this model, but {listed}. "
            + $"Correct {nameof(OpenAIServer.Model)} (in job files: served), or turn {nameof(OpenAIServer.CheckModel)} off if the server takes models "
            + "that it does not list.");
    }

    private static string[] Names(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return [.. json.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!)];
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return [];
        }
    }
}
