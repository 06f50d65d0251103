namespace ML.Pipelines.Testing;

/// <summary>How a <see cref="FakeTeacherServer"/> behaves.</summary>
public sealed record FakeTeacherScript
{
    /// <summary>The models that it serves and lists.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["fake"];

    /// <summary>Whether it takes models that it does not list.</summary>
    public bool AnyModel { get; init; }

    /// <summary>The key that it wants, as a bearer token or an <c>api-key</c>; null: none.</summary>
    public string? Key { get; init; }

    /// <summary>What it replies to a chat; by default the row once more.</summary>
    public Func<FakeRequest, FakeReply> Reply { get; init; } = request => new FakeReply("Reply to " + request.Row);

    /// <summary>What goes wrong with a request; null for nothing. For rates, <see cref="FakeStorm.Of"/>.</summary>
    public Func<FakeRequest, FakeFault?> Fault { get; init; } = _ => null;

    /// <summary>The time before each answer.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The requests that it works on at once; it turns others away with 429. Null: any number.</summary>
    public int? Capacity { get; init; }

    /// <summary>
    /// Scores a prompt for <c>completions</c>: its tokens as text, and of each the natural logarithm of its probability after those
    /// before, null
    /// for the first. The prompt is an array of ids or a text. Null: there is no such path.
    /// </summary>
    public Func<FakePrompt, IReadOnlyList<(string Token, double? LogProbability)>>? Score { get; init; }
}

/// <summary>A prompt: exactly one of the two is set.</summary>
/// <param name="Text">A text; null for ids.</param>
/// <param name="Ids">Token ids; null for a text.</param>
public sealed record FakePrompt(string? Text, IReadOnlyList<int>? Ids);
