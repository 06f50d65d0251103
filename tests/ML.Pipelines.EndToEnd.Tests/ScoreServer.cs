using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ML.Pipelines.EndToEnd.Tests;

/// <summary>A server of scores on a free loopback port. The same row gets the same scores; it counts what it is asked.</summary>
internal sealed class ScoreServer : IDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<string> _rows = new();
    private int _count;

    public ScoreServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.MapGet("/score", (string row, int candidates) =>
        {
            _rows.Enqueue(row);
            // Each number is told once, however many calls come at a time.
            Asked(Interlocked.Increment(ref _count));
            return Results.Json(Enumerable.Range(0, candidates).Select(i => Score(row, i)).ToArray());
        });
        _application.StartAsync().GetAwaiter().GetResult();
        Address = new Uri(_application.Urls.Single());
    }

    public Uri Address { get; }

    /// <summary>Called with the number of requests so far, before each is answered.</summary>
    public Action<int> Asked { get; set; } = _ => { };

    /// <summary>The rows that were asked about, in order.</summary>
    public IReadOnlyList<string> Rows => [.. _rows];

    /// <summary>Starts to count anew; only while nothing asks.</summary>
    public void Forget()
    {
        _rows.Clear();
        _count = 0;
    }

    public void Dispose() => ((IDisposable)_application).Dispose();

    private static double Score(string row, int candidate) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{row} {candidate}"))) / (double)uint.MaxValue;
}
