using System.Globalization;

namespace ML.Pipelines.Cli;

/// <summary>Times as people write them: <c>90s</c>, <c>50m</c>, <c>1.5h</c>.</summary>
internal static class Duration
{
    /// <summary>Reads a time.</summary>
    /// <param name="option">The option that it is of, for the message.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: it is none, or longer than 24 days.</exception>
    public static TimeSpan Parse(string option, string text)
    {
        var seconds = text.Length < 2 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (seconds > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value > 0 && value * seconds < TimeSpan.FromDays(24).TotalSeconds)
            return TimeSpan.FromSeconds(value * seconds);
        throw new PipelineException(ErrorCode.Configuration, $"{option}: '{text}' is no time. Write a number with s, m or h, for example 50m.");
    }
}
