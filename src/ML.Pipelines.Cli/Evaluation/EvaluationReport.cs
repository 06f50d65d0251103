using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ML.Pipelines.Cli.Display;
using ML.Pipelines.Models;
using ML.Pipelines.Runs.Stores;
using Spectre.Console;

namespace ML.Pipelines.Cli.Evaluation;

/// <summary>A model's figures as tables for people and as JSON.</summary>
internal static class EvaluationReport
{
    private const string None = "-";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    // What the baseline is, by part.
    private static readonly Dictionary<string, string> Baselines = new(StringComparer.Ordinal)
    {
        [ScorerEvaluation.Part] = "last step",
        [TextEvaluation.LongPart] = "512-1,023 of context",
        [TaskEvaluation.Part] = "most frequent reply",
    };

    /// <summary>Writes a table a part.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<EvaluationFigure> figures)
    {
        foreach (var part in figures.GroupBy(figure => figure.Part)) console.Write(Table(part.Key, [.. part]));
    }

    /// <summary>Writes all figures to a file; those that are no number (nothing to measure) are null.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.Output"/>: the file cannot be written.</exception>
    public static void WriteJson(string path, ScorerInfo model, IReadOnlyList<EvaluationFigure> figures)
    {
        try
        {
            new LocalRunStore(Path.GetDirectoryName(Path.GetFullPath(path))!)
                .Replace(Path.GetFileName(path), JsonSerializer.SerializeToUtf8Bytes(Document(model, figures), Json));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.Output, $"--json: {path} cannot be written: {fault.Message} Choose another file.", fault);
        }
    }

    private static object Document(ScorerInfo model, IReadOnlyList<EvaluationFigure> figures) => new
    {
        model = new { model.Name, model.Fingerprint },
        figures = figures.Select(figure => new
        {
            figure.Part,
            figure.Group,
            figure.Name,
            figure.Unit,
            figure.Seed,
            value = Finite(figure.Value),
            minimum = Finite(figure.Minimum),
            maximum = Finite(figure.Maximum),
            chance = Finite(figure.Chance),
            baseline = Finite(figure.Baseline),
            figure.Count,
        }),
    };

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? value : null;

    private static Table Table(string part, IReadOnlyList<EvaluationFigure> figures)
    {
        Column[] all =
        [
            new("seed", figure => figure.Seed is { } seed ? Invariant(seed) : "all", figures.Any(figure => figure.Seed is not null)),
            new("figure", figure => Text(figure.Value, figure.Unit)),
            new("min", figure => Text(figure.Minimum, figure.Unit), figures.Any(figure => figure.Minimum is not null)),
            new("max", figure => Text(figure.Maximum, figure.Unit), figures.Any(figure => figure.Maximum is not null)),
            new("chance", figure => Text(figure.Chance, figure.Unit), figures.Any(figure => figure.Chance is not null)),
            new(Baselines.GetValueOrDefault(part, "baseline"), figure => Text(figure.Baseline, figure.Unit),
                figures.Any(figure => figure.Baseline is not null)),
            new("of", figure => Numbers.Count(figure.Count)),
        ];
        Column[] columns = [.. all.Where(column => column.IsShown)];
        var table = PlainTable.New([part, .. columns.Select(column => column.Name)]);
        foreach (var group in figures.GroupBy(figure => figure.Group))
        {
            PlainTable.Add(table, group.Key);
            foreach (var figure in group) PlainTable.Add(table, ["  " + figure.Name, .. columns.Select(column => column.Cell(figure))]);
        }
        return table;
    }

    private static string Text(double? value, FigureUnit unit) => value is not { } number || double.IsNaN(number) ? None : unit switch
    {
        FigureUnit.Number => number.ToString("N0", CultureInfo.InvariantCulture),
        FigureUnit.Perplexity => number.ToString("0.00", CultureInfo.InvariantCulture),
        _ => number.ToString("0.000", CultureInfo.InvariantCulture),
    };

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Column(string Name, Func<EvaluationFigure, string> Cell, bool IsShown = true);
}
