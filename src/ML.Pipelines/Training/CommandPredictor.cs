using System.Text;
using System.Text.Json;

namespace ML.Pipelines.Training;

/// <summary>Options of <see cref="CommandPredictor"/>.</summary>
public sealed record CommandPredictorOptions
{
    /// <summary>The program, then its arguments, with <c>{data}</c>, <c>{model}</c> and <c>{out}</c> (see
    /// <see cref="CommandLine"/>).</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Where predictions are kept; made where it is not there. May be the trainer's.</summary>
    public required string Folder { get; init; }

    /// <summary>What a user calls the command, for messages.</summary>
    public string Option { get; init; } = "trainer.predict";

    /// <summary>Called with what a person should know, such as where the log is; may be null.</summary>
    public Action<string>? Notice { get; init; }
}

/// <summary>Has an external command answer with a trained model.</summary>
/// <remarks>
/// The command reads <c>{data}</c>, JSON Lines of <c>{"id": …, "prompt": …}</c>, and writes the file <c>{out}</c>, JSON Lines of
/// <c>{"id": …, "text": …}</c> with each id exactly once, in any order. Predictions are kept as trainings are (see
/// <see cref="CommandTrainer"/>), by command, model and prompts.
/// </remarks>
public sealed class CommandPredictor : IPredictor
{
    private const string OutputName = "predictions.jsonl";
    private const int ShownIds = 3;

    private readonly CommandLine _command;
    private readonly KeptOutput _kept;

    /// <summary>A predictor; nothing is run yet.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: the command lacks a name that it needs.</exception>
    public CommandPredictor(CommandPredictorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _command = new(options.Command, options.Option, CommandLine.Data, CommandLine.Model, CommandLine.Out);
        _kept = new(options.Folder, null, options.Notice);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string?>> PredictAsync(
        string model, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(prompts);
        var values = new Dictionary<string, string> { [CommandLine.Model] = model };
        var ids = prompts.Select(prompt => prompt.Id).ToArray();
        var file = await _kept.GetOrRunAsync(new("predict", _command, values, Data(prompts), OutputName, OutputIsFolder: false),
            (written, log) => Read(written, ids, log), cancellationToken).ConfigureAwait(false);
        var texts = Read(file, ids, file);
        return [.. ids.Select(id => texts[id])];
    }

    private static byte[] Data(IReadOnlyList<Prompt> prompts) => DataLines.Write(prompts, (writer, prompt) =>
    {
        writer.WriteString("id", prompt.Id);
        writer.WriteString("prompt", prompt.Text);
    });

    private Dictionary<string, string> Read(string file, string[] ids, string log)
    {
        if (!File.Exists(file))
            throw new PipelineException(ErrorCode.TrainingFailed,
                $"{_command.Option}: the command ended well but did not write {CommandLine.Out}. {ExternalProcess.Tail(log)} The whole "
                    + $"output is in '{log}'.");
        var asked = ids.ToHashSet(StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(asked.Count, StringComparer.Ordinal);
        foreach (var (number, line) in File.ReadLines(file, Encoding.UTF8).Index())
        {
            var (id, text) = Parse(line) ?? throw Invalid(number, "is no JSON object with the texts id and text");
            if (!asked.Contains(id)) throw Invalid(number, $"has the id '{id}', which was not asked");
            if (!texts.TryAdd(id, text)) throw Invalid(number, $"has the id '{id}' a second time");
        }
        string[] missing = [.. ids.Where(id => !texts.ContainsKey(id))];
        return missing.Length == 0 ? texts : throw new PipelineException(ErrorCode.InvalidPredictions,
            $"{_command.Option}: {missing.Length} of {ids.Length} prompts have no prediction, e.g. "
                + $"{string.Join(", ", missing.Take(ShownIds))}. The output is in '{log}'. Have the command write a line for "
                + $"each prompt of {CommandLine.Data}.");

        PipelineException Invalid(int number, string what) => new(ErrorCode.InvalidPredictions,
            $"{_command.Option}: line {number + 1} of {CommandLine.Out} {what}. The output is in '{log}'. Have the command write each id "
                + $"of {CommandLine.Data} once.");
    }

    private static (string Id, string Text)? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement is { ValueKind: JsonValueKind.Object } row
                && row.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                && row.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
                ? (id.GetString()!, text.GetString()!)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
