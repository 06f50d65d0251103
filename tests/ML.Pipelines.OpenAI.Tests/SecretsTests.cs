using System.Collections.Concurrent;
using System.Diagnostics;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Testing;

namespace ML.Pipelines.OpenAI.Tests;

/// <summary>A key goes to its server and nowhere else.</summary>
[TestClass]
[DoNotParallelize]
public sealed class SecretsTests : TeacherTest
{
    private readonly ConcurrentQueue<string> _said = new();

    [TestMethod]
    public async Task No_error_journal_trace_or_text_has_a_part_of_the_key()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => _said.Enqueue($"{activity.DisplayName} {activity.StatusDescription} "
                + $"{string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(item => item.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            using (var journal = new LogJournal(new LocalRunStore(folder), "journal"))
            {
                foreach (var script in Scripts()) await AskAllAsync(script, journal);
            }
            foreach (var file in Directory.EnumerateFiles(folder, "*",
                SearchOption.AllDirectories)) _said.Enqueue(await File.ReadAllTextAsync(file, Token));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Assert.Contains(said => said.Contains("[key]", StringComparison.Ordinal), _said, "The server has quoted the key.");
        Assert.Contains(said => said.Contains("Reply to row", StringComparison.Ordinal), _said, "The journal was read.");
        Assert.Contains(said => said.Contains("gen_ai.request.model", StringComparison.Ordinal), _said, "The traces were read.");
        foreach (var said in _said) Assert.DoesNotContain(Key[..12], said);
    }

    // Servers that quote the key, whatever they complain about.
    private static IEnumerable<FakeTeacherScript> Scripts()
    {
        yield return new() { Key = Key };
        yield return new() { Key = "another" };
        yield return new() { Models = ["others"], AnyModel = true };
        foreach (var status in (int[])[400, 401, 403, 404, 429, 500, 503])
            yield return new() { Fault = _ => FakeFault.Error(status, "odd", $"Bearer {Key} and {Key} are odd.") };
        yield return new() { Fault = _ => new FakeFault.Garbage($"<html>{Key}</html>") };
        yield return new() { Fault = _ => new FakeFault.Truncate() };
    }

    private async Task AskAllAsync(FakeTeacherScript script, LogJournal journal)
    {
        var server = WithKey(At(await StartAsync(script)));
        _said.Enqueue($"{server} {OpenAITeacher.Info(server)}");
        try
        {
            var reply = await Teach(server, Fast with { Patience = TimeSpan.FromMilliseconds(100) },
                journal).AskAsync(Call($"row {_said.Count}"), Token);
            _said.Enqueue($"{reply}");
        }
        catch (PipelineException fault)
        {
            _said.Enqueue(fault.ToString());
        }
    }
}
