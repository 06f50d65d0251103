using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Parquet;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Text;

namespace ML.Pipelines.Bench;

/// <summary>What a run costs beside its models: time a row with a stage that does nothing, and the start of a run that is continued.</summary>
internal static class RunsBenchmark
{
    public static void Run(int rows, int characters, int journalRows)
    {
        var folder = Directory.CreateTempSubdirectory("ml-pipelines-bench-").FullName;
        try
        {
            Overhead(folder, rows, characters);
            Resume(folder, journalRows);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Overhead(string folder, int rows, int characters)
    {
        var input = Path.Combine(folder, "input.jsonl");
        var text = string.Concat(Enumerable.Repeat("the sum of two even numbers is even ", (characters / 36) + 1))[..characters];
        File.WriteAllLines(input, Enumerable.Range(0, rows).Select(i => JsonSerializer.Serialize(new { id = $"r{i}", question = $"q{i}", reasoning = text })));
        Execute(input, Path.Combine(folder, "warm"), rows: Math.Min(rows, 1000));
        var read = Measure(() => Count(input));
        var run = Measure(() => Execute(input, Path.Combine(folder, "out"), rows));
        var resumed = Measure(() => Execute(input, Path.Combine(folder, "out"), rows));
        var megabytes = new FileInfo(input).Length / 1e6;
        Console.WriteLine($"{rows:N0} rows of {characters:N0} characters, {megabytes:N0} MB, 1,000 rows a shard, no model:");
        Console.WriteLine($"  reading alone           {read.TotalMicroseconds / rows,8:N1} us a row");
        Console.WriteLine($"  run with a no-op stage  {run.TotalMicroseconds / rows,8:N1} us a row, {rows / run.TotalSeconds:N0} rows/s, {megabytes / run.TotalSeconds:N0} MB/s");
        Console.WriteLine($"  the finished run again  {resumed.TotalMilliseconds,8:N0} ms");
    }

    private static void Resume(string folder, int rows)
    {
        // Filled in memory: adding flushes each reply to disk, which is measured apart.
        var store = new LocalRunStore(Path.Combine(folder, "journal"));
        var memory = new LocalRunStore(Path.Combine("/dev/shm", Path.GetFileName(folder)));
        using (var filled = memory.OpenJournal("part"))
            for (var i = 0; i < rows; i++) filled.Add(Key(i), new JournalReply(new string('x', 500), 1000, 0, null));
        Directory.CreateDirectory(store.Location);
        File.Copy(memory.Describe("part.sqlite"), store.Describe("part.sqlite"));
        Directory.Delete(memory.Location, recursive: true);
        IReplyJournal? journal = null;
        var open = Measure(() => journal = store.OpenJournal("part"));
        const int Finds = 10_000;
        var find = Measure(() =>
        {
            for (var i = 0; i < Finds; i++)
                if (journal!.Find(Key((int)((long)i * rows / Finds))) is null) throw new InvalidOperationException("A reply is missing.");
        });
        const int Adds = 200;
        var add = Measure(() =>
        {
            for (var i = 0; i < Adds; i++) journal!.Add(Key(rows + i), new JournalReply("x", 1, 1, null));
        });
        journal!.Dispose();
        Console.WriteLine($"A journal of {rows:N0} replies:");
        Console.WriteLine($"  opening  {open.TotalMilliseconds,8:N1} ms");
        Console.WriteLine($"  finding  {find.TotalMicroseconds / Finds,8:N1} us a reply");
        Console.WriteLine($"  adding   {add.TotalMilliseconds / Adds,8:N2} ms a reply, flushed to disk");
    }

    private static JournalKey Key(int row) => new($"r{row:D8}", "prune", "model", $"r{row:D8}");

    private static long Count(string input)
    {
        var view = new MLContext(seed: 1).Data.LoadFromJsonLines(input);
        using var cursor = view.GetRowCursor(view.Schema);
        long rows = 0;
        while (cursor.MoveNext()) rows++;
        return rows;
    }

    private static void Execute(string input, string output, int rows)
    {
        var context = new MLContext(seed: 1);
        var run = new PipelineRun();
        run.Execute(new RunDefinition
        {
            Options = [],
            Source = context.Data.LoadFromJsonLines(input, new() { Rejects = run.Rejects }).Slice(0, rows),
            InputFiles = [input],
            Chain = context.TrainingSets(run).SegmentSteps("steps", "reasoning", new WholeText())
                .Append(context.Transforms.DropColumns("steps")),
            Models = new Dictionary<string, string>(),
            Store = new LocalRunStore(output),
            Format = new ParquetShardFormat(),
            StepsColumn = null,
            ColumnOrder = [],
        });
    }

    private static TimeSpan Measure(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start);
    }

    private sealed class WholeText : IStepSegmenter
    {
        public ValueTask<IReadOnlyList<TextSpan>> SegmentAsync(string reasoning, CancellationToken cancellationToken = default) => new([new TextSpan(0, reasoning.Length)]);
    }
}
