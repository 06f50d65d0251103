using System.Diagnostics;
using Microsoft.ML;
using ML.Pipelines.Parquet;

namespace ML.Pipelines.Bench;

/// <summary>Rows and bytes a second of each Parquet engine, writing trace-like rows and reading them back.</summary>
internal static class ParquetBenchmark
{
    public static void Run(int rows, int characters)
    {
        var folder = Directory.CreateTempSubdirectory("mlpipelines-bench").FullName;
        try
        {
            Console.WriteLine($"{rows:N0} rows of {characters:N0} characters");
            foreach (var engine in ParquetEngines.All) Run(engine, Path.Combine(folder, engine.Name + ".parquet"), rows, characters);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Run(IParquetEngine engine, string file, int rows, int characters)
    {
        var ml = new MLContext(seed: 1);
        var source = ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Trace { Id = $"trace-{i}", Reasoning = Text(i, characters) }));
        var megabytes = (double)rows * characters / 1e6;
        var making = Seconds(() => Count(source));
        var writing = Seconds(() => ml.Data.SaveAsParquet(source, file, new() { Engine = engine })) - making;
        var reading = Seconds(() => Count(ml.Data.LoadFromParquet(file, new() { Engine = engine })));
        Console.WriteLine($"{engine.Name}: write {rows / writing:N0} rows/s, {megabytes / writing:N0} MB/s; "
            + $"read {rows / reading:N0} rows/s, {megabytes / reading:N0} MB/s; file {new FileInfo(file).Length / 1e6:N0} MB");
    }

    // Words of a small vocabulary in random order compress about as traces do.
    private static string Text(int seed, int characters)
    {
        var random = new Random(seed);
        return string.Create(characters, random, (text, words) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = i % 6 == 5 ? ' ' : (char)('a' + (words.Next(26) & words.Next(26)));
        });
    }

    private static long Count(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var reasoning = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Reasoning"]);
        ReadOnlyMemory<char> text = default;
        long characters = 0;
        while (cursor.MoveNext())
        {
            reasoning(ref text);
            characters += text.Length;
        }
        return characters;
    }

    private static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private sealed class Trace
    {
        public string Id { get; set; } = "";

        public string Reasoning { get; set; } = "";
    }
}
