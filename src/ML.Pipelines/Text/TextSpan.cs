namespace ML.Pipelines.Text;

/// <summary>A half-open range of UTF-16 offsets into a text.</summary>
/// <param name="Start">The first offset.</param>
/// <param name="End">The offset after the last.</param>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>UTF-16 code units in the span.</summary>
    public int Length => End - Start;

    /// <summary>The span's text.</summary>
    public ReadOnlySpan<char> In(string text) => text.AsSpan(Start, Length);
}
