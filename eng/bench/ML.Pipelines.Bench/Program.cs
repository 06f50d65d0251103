using System.Globalization;
using ML.Pipelines.Bench;
using ML.Pipelines.OnnxRuntime;

const string Usage = """
    dotnet run -c Release --project eng/bench/ML.Pipelines.Bench -- leave-one-out --traces <jsonl>
      --model <folder>    a model other than the bundled one
      --share <0..1>      the share of steps that is scored (default: what naive re-scoring does in ten minutes)
      --repeats <n>       runs of the engine and of bare ONNX Runtime a trace, the best counts (default 2)
      --naive-chunk <tokens>   naive re-scoring in chunks, for machines of less than 20 GB (default one pass)
      --chunk <tokens>  --threads <n>  --limit <traces>
      --clock wall|processor   processor time (with idle threads asleep) on a machine shared with other work; default wall
    dotnet run -c Release --project eng/bench/ML.Pipelines.Bench -- parquet [--rows <n>] [--characters <n>]
    dotnet run -c Release --project eng/bench/ML.Pipelines.Bench -- runs [--rows <n>] [--characters <n>] [--journal-rows <n>]
    dotnet run -c Release --project eng/bench/ML.Pipelines.Bench -- model <folder or 'bundled'> ... [--threads <n>] [--clock wall|processor]
    dotnet run -c Release --project eng/bench/ML.Pipelines.Bench -- decode [--model <folder>] [--threads <n>]
      --prompt-tokens <n>  --new-tokens <n>  --rounds <n>   needs @huggingface/transformers: npm install --ignore-scripts --prefix eng/.tools/node @huggingface/transformers
    """;

if (args is ["parquet", ..])
{
    ParquetBenchmark.Run(Number("--rows", 25_000), Number("--characters", 8_000));
    return 0;
}

if (args is ["runs", ..])
{
    RunsBenchmark.Run(Number("--rows", 100_000), Number("--characters", 4_000), Number("--journal-rows", 1_000_000));
    return 0;
}

if (args is ["decode", ..])
{
    await new DecodeBenchmark(Model(Option("--model") ?? "bundled"), Number("--threads", 0), Number("--prompt-tokens", 32),
        Number("--new-tokens", 256), Number("--rounds", 3)).RunAsync();
    return 0;
}

if (args is ["model", ..])
{
    var names = args.Skip(1).Where(name => name != "--model").TakeWhile(name => !name.StartsWith("--", StringComparison.Ordinal));
    new ModelBenchmark([.. names.DefaultIfEmpty("bundled").Select(Model)], Options(), new(Option("--clock") == "processor")).Run();
    return 0;
}

if (args is not ["leave-one-out", ..] || Option("--traces") is not { } traces)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var model = Model(Option("--model") ?? "bundled");
double? share = Option("--share") is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
using var benchmark = new LeaveOneOutBenchmark(model, Options(), Number("--repeats", 2), Number("--naive-chunk", int.MaxValue),
    new(Option("--clock") == "processor"));
benchmark.Run([.. ReasoningTrace.Read(traces).Take(Number("--limit", int.MaxValue))], share);
return 0;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

int Number(string name, int fallback) => Option(name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : fallback;

OnnxModel Model(string name) => name == "bundled" ? OnnxModel.Bundled : OnnxModel.FromFolder(name);

OnnxScorerOptions Options()
{
    var defaults = new OnnxScorerOptions();
    return defaults with
    {
        Provider = OnnxProvider.Cpu,
        ChunkSize = Number("--chunk", defaults.ChunkSize),
        IntraOpThreads = Number("--threads", 0),
        Spinning = defaults.Spinning && Option("--clock") != "processor",
    };
}
