using System.Globalization;

namespace ML.Pipelines.Runs;

/// <summary>A share of a run's shards that one process works on: every <see cref="Count"/>-th shard, from the <see cref="Number"/>-th on.</summary>
/// <param name="Number">From 1 to <paramref name="Count"/>.</param>
/// <param name="Count">The number of slices.</param>
public readonly record struct RunSlice(int Number, int Count)
{
    /// <summary>All shards.</summary>
    public static RunSlice Whole { get; } = new(1, 1);

    /// <summary>Whether it is all shards.</summary>
    public bool IsWhole => Count == 1;

    /// <summary>Whether a shard is in it.</summary>
    /// <param name="index">The shard's index in the plan.</param>
    public bool Holds(int index) => index % Count == Number - 1;

    /// <summary>Reads <c>k/n</c>.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: it is none.</exception>
    /// <param name="text">The text.</param>
    /// <param name="source">What gave it, for the message.</param>
    public static RunSlice Parse(string text, string source = "--slice")
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        return parts.Length == 2 && Integer(parts[0]) is { } number && Integer(parts[1]) is { } count && number >= 1 && number <= count
            ? new(number, count)
            : throw new PipelineException(ErrorCode.Configuration, $"{source}: '{text}' is no slice. Write k/n with 1 <= k <= n, for example 2/8.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    private static int? Integer(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
