using System.Globalization;

namespace ML.Pipelines.Training;

/// <summary>Options of <see cref="CommandTrainer"/>.</summary>
public sealed record CommandTrainerOptions
{
    /// <summary>The program, then its arguments, with <c>{data}</c>, <c>{out}</c>, and where it takes them <c>{base}</c> and
    /// <c>{seed}</c> (see <see cref="CommandLine"/>).</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Where trainings are kept; made where it is not there. Trainings of several runs may share it.</summary>
    public required string Folder { get; init; }

    /// <summary>Where data files are written instead of beside the models; may be null.</summary>
    public string? DataFolder { get; init; }

    /// <summary>What <c>{base}</c> stands for where a task names no model: a name, or a folder; empty: nothing.</summary>
    public string Base { get; init; } = "";

    /// <summary>What a user calls the command, for messages.</summary>
    public string Option { get; init; } = "trainer.command";

    /// <summary>Called with what a person should know, such as where a training's log is; may be null.</summary>
    public Action<string>? Notice { get; init; }
}

/// <summary>Trains by an external command: TRL, LLaMA-Factory, a script of one's own.</summary>
/// <remarks>
/// <para>The command reads <c>{data}</c>, JSON Lines of <c>{"instruction": …, "output": …}</c> in UTF-8, and writes a model into the folder
/// <c>{out}</c>, which is there and empty. Exit code 0 with at least one file in <c>{out}</c> is success. It inherits the environment and
/// the current directory; what it writes to its console goes to <c>train.log</c>.</para>
/// <para>A training is known by a SHA-256 over command, data, base and seed: a finished one is found again and not made again, by any
/// process that uses the folder. What a script's or a base folder's files hold is not in it; change a name or an argument with them.</para>
/// </remarks>
public sealed class CommandTrainer : ITrainer
{
    private readonly CommandLine _command;
    private readonly KeptOutput _kept;
    private readonly string _base;

    /// <summary>A trainer; nothing is run yet.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: the command lacks a name that it needs.</exception>
    public CommandTrainer(CommandTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _command = new(options.Command, options.Option, CommandLine.Data, CommandLine.Out);
        _kept = new(options.Folder, options.DataFolder, options.Notice);
        _base = options.Base;
        RequireBase(_base);
    }

    /// <inheritdoc/>
    public Task<string> TrainAsync(TrainingTask task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Rows.Count == 0) throw new ArgumentException("There is no row to train on.", nameof(task));
        var start = task.Base ?? _base;
        RequireBase(start);
        var values = new Dictionary<string, string>
        {
            [CommandLine.Base] = start,
            [CommandLine.Seed] = task.Seed.ToString(CultureInfo.InvariantCulture),
        };
        var work = new CommandWork("train", _command, values, Data(task.Rows), "model", OutputIsFolder: true);
        return _kept.GetOrRunAsync(work, RequireFiles, cancellationToken);
    }

    private static byte[] Data(IReadOnlyList<TrainingRow> rows) => DataLines.Write(rows, (writer, row) =>
    {
        writer.WriteString("instruction", row.Instruction);
        writer.WriteString("output", row.Output);
    });

    private void RequireBase(string start)
    {
        if (start.Length > 0 && !_command.Has(CommandLine.Base))
            throw new PipelineException(ErrorCode.Configuration,
                $"{_command.Option}: lacks {CommandLine.Base}, so that '{start}' would not be what is trained. Put it where the command "
                    + "takes the model.");
    }

    private void RequireFiles(string folder, string log)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) return;
        throw new PipelineException(ErrorCode.TrainingFailed,
            $"{_command.Option}: the command ended well but left nothing in {CommandLine.Out}. {ExternalProcess.Tail(log)} The whole "
                + $"output is in '{log}'. Have it write the model into {CommandLine.Out}.");
    }
}
