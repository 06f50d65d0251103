using Microsoft.ML.Data;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Stages;

/// <summary>A row with a column of every kind that rides along; all values follow from the number.</summary>
internal sealed class Sample
{
    public int Number { get; set; }

    public string Text { get; set; } = "";

    [VectorType]
    public float[] Features { get; set; } = [];

    [VectorType]
    public string[] Words { get; set; } = [];

    [Messages]
    public IReadOnlyList<Message> Turns { get; set; } = [];

    public static Sample Of(int number) => new()
    {
        Number = number,
        Text = $"text {number}",
        Features = [.. Enumerable.Repeat((float)number, number % 4)],
        Words = [.. Enumerable.Range(0, number % 3).Select(i => $"word {number}.{i}")],
        Turns = [.. Enumerable.Range(0, number % 2).Select(_ => new Message("user", $"turn {number}"))],
    };

    /// <summary>The row as text, with the stage's output at the end.</summary>
    public static string Line(int number, string output)
    {
        var features = string.Join(", ", Enumerable.Repeat(number, number % 4));
        var words = string.Join(", ", Enumerable.Range(0, number % 3).Select(i => $"'word {number}.{i}'"));
        var turns = number % 2 == 1 ? $"{{'user', 'turn {number}'}}" : "";
        return $"{number}, 'text {number}', [{features}], [{words}], [{turns}], '{output}'";
    }
}
