using System.Diagnostics;
using ML.Pipelines.Tests.Data;
using ML.Pipelines.Training;

namespace ML.Pipelines.Tests.Training;

/// <summary>Tests of commands: shell scripts that a test writes, in folders whose names have blanks and braces.</summary>
public abstract class CommandTest : FileTest
{
    private protected static TrainingTask Task { get; } =
        new([new("Question: 1 + 1?", "One and one.\nThe answer is 2"), new("Ünïcode \"quoted\" <b>", "日本\t語")], 7);

    private protected string Kept => Path.Combine(Folder, "kept models {seed}");

    /// <summary>The folders of commands that were run or begun.</summary>
    private protected string[] Entries => Directory.Exists(Kept) ? [.. Directory.GetDirectories(Kept).Order(StringComparer.Ordinal)] : [];

    /// <summary>A script; <c>$calls</c> is a file that it may append to.</summary>
    private protected string Script(string name, string text) =>
        Write($"my scripts/{name}.sh", $"calls='{Path.Combine(Folder, "calls")}'\nset -eu\n{text}\n");

    /// <summary>The lines that scripts have appended.</summary>
    private protected string[] Calls => File.Exists(Path.Combine(Folder, "calls")) ? File.ReadAllLines(Path.Combine(Folder, "calls")) : [];

    private protected CommandTrainer Trainer(
        string script, string name = "train", string start = "", string? data = null, Action<string>? notice = null) => new(new()
        {
            Command = ["sh", Script(name, script), "{data}", "{out}", "{base}", "{seed}"],
            Folder = Kept,
            DataFolder = data,
            Base = start,
            Notice = notice,
        });

    private protected CommandPredictor Predictor(string script) => new(new()
    {
        Command = ["sh", Script("predict", script), "{data}", "{model}", "{out}"],
        Folder = Kept,
    });

    /// <summary>A pipe with a name: who opens it waits for the other end.</summary>
    private protected string Pipe(string name)
    {
        var path = Path.Combine(Folder, name);
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.AreEqual(0, made.ExitCode);
        return path;
    }

    private protected static async Task<PipelineException> ThrowsAsync(string code, Func<Task> action)
    {
        var fault = await Assert.ThrowsExactlyAsync<PipelineException>(action);
        Assert.AreEqual(code, fault.Code, fault.Message);
        return fault;
    }
}
