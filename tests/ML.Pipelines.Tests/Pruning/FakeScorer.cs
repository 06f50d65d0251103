using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ML.Pipelines.Models;

namespace ML.Pipelines.Tests.Pruning;

/// <summary>
/// A scorer without a model. A text's tokens are its words. A continuation's mean negative log-likelihood is 20 less the numbers in
/// angle brackets of its context, so that leaving out a step with <c>&lt;0.5&gt;</c> costs 0.5: its importance.
/// </summary>
internal sealed partial class FakeScorer : ILanguageScorer
{
    /// <summary>A text with this cannot be scored.</summary>
    public const string OutOfRange = "☠";

    private readonly ConcurrentQueue<LeaveOneOutRequest> _requests = new();

    /// <summary>The most tokens a request may have.</summary>
    public int ContextLength { get; init; } = int.MaxValue;

    /// <summary>Whether each token's log-probability also depends on every character of its context.</summary>
    public bool Noisy { get; init; }

    /// <summary>What is called before each request is answered.</summary>
    public Action<LeaveOneOutRequest> Asked { get; init; } = _ => { };

    /// <summary>What log-probabilities become.</summary>
    public Func<double, double> Distort { get; init; } = value => value;

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<LeaveOneOutRequest> Requests => [.. _requests];

    public ScorerInfo Info => new("fake", "fake-1", ContextLength);

    public int CountTokens(string text) => text.Contains(OutOfRange, StringComparison.Ordinal)
        ? throw new PipelineException(ErrorCode.TokenOutOfRange, "The text has a token that the model does not know.")
        : Word().Count(text);

    public async ValueTask<LeaveOneOutResult> LeaveOneOutAsync(LeaveOneOutRequest request, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        _requests.Enqueue(request);
        Asked(request);
        var tokens = request.Segments.Select(CountTokens).ToArray();
        var required = 1 + CountTokens(request.Prefix) + tokens.Sum() + CountTokens(request.Suffix) + CountTokens(request.Continuation);
        return required > ContextLength
            ? new() { SegmentTokens = tokens, Full = [], Without = [], Overflow = new(required, ContextLength) }
            : new() { SegmentTokens = tokens, Full = Score(request, null), Without = [.. request.LeaveOut.Select(step => Score(request, step))] };
    }

    public void Dispose() { }

    /// <summary>The log-probabilities of a continuation after a context.</summary>
    public IReadOnlyList<double> LogProbabilities(string context, string continuation)
    {
        var sum = Tag().Matches(context).Sum(tag => double.Parse(tag.Groups[1].Value, CultureInfo.InvariantCulture));
        return [.. Enumerable.Range(0, CountTokens(continuation)).Select(token => Distort(sum - 20 - (Noisy ? Noise(context, token) : 0)))];
    }

    private IReadOnlyList<double> Score(LeaveOneOutRequest request, int? leftOut) => LogProbabilities(
        request.Prefix + string.Concat(request.Segments.Where((_, i) => i != leftOut)) + request.Suffix, request.Continuation);

    private static double Noise(string context, int token) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{token} {context}"))) / (double)uint.MaxValue;

    [GeneratedRegex(@"<(-?[\d.]+)>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word();
}
