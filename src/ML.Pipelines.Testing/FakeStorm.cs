using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ML.Pipelines.Testing;

/// <summary>Faults at given rates. Which request of which row fails how depends on the seed alone, not on the order of requests.</summary>
public sealed record FakeStorm
{
    /// <summary>The seed.</summary>
    public int Seed { get; init; }

    /// <summary>The share of requests that are turned away with 429, from 0 to 1.</summary>
    public double Throttled { get; init; }

    /// <summary>The value of their Retry-After header; null: none.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The share of requests answered with 500, from 0 to 1.</summary>
    public double ServerErrors { get; init; }

    /// <summary>The share of requests that hang, from 0 to 1.</summary>
    public double Hangs { get; init; }

    /// <summary>The share of requests whose answer is cut, from 0 to 1.</summary>
    public double Truncated { get; init; }

    /// <summary>The share of requests whose answer is no JSON, from 0 to 1.</summary>
    public double Garbage { get; init; }

    /// <summary>The fault of a request, or null.</summary>
    public FakeFault? Of(FakeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{Seed} {request.Attempt} {request.Row}")));
        var draw = BinaryPrimitives.ReadUInt32LittleEndian(hash) / (double)uint.MaxValue;
        if ((draw -= Throttled) < 0) return FakeFault.Throttled(RetryAfter);
        if ((draw -= ServerErrors) < 0) return FakeFault.Error(500, "server_error", "The server had an error.");
        if ((draw -= Hangs) < 0) return new FakeFault.Hang();
        if ((draw -= Truncated) < 0) return new FakeFault.Truncate();
        return (draw - Garbage) < 0 ? new FakeFault.Garbage("<html>Bad gateway</html>") : null;
    }
}
