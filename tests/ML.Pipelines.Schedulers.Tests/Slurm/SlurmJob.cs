using System.Globalization;

namespace ML.Pipelines.Schedulers.Tests;

/// <summary>A job or a task of an array, as <c>scontrol show job</c> tells it.</summary>
internal sealed record SlurmJob(string State, int Restarts, int ExitCode)
{
    public bool HasEnded => State is not ("PENDING" or "RUNNING" or "COMPLETING" or "CONFIGURING" or "SUSPENDED" or "REQUEUED");

    /// <summary>Reads a line of <c>Name=value</c> words; values with spaces are none that is read here.</summary>
    public static SlurmJob Parse(string line)
    {
        var values = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Split('=', 2)).Where(word => word.Length == 2)
            .GroupBy(word => word[0]).ToDictionary(words => words.Key, words => words.First()[1]);
        return new(values["JobState"], Number(values["Restarts"]), Number(values["ExitCode"].Split(':')[0]));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
