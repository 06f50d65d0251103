using ML.Pipelines.Training;

namespace ML.Pipelines.Tests.Training;

[TestClass]
public sealed class CommandTrainerTests : CommandTest
{
    private const string Train = "echo \"$3 $4\" >>\"$calls\"; cp \"$1\" \"$2/weights\"; echo done";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestMethod]
    public async Task The_command_gets_data_base_and_seed_and_its_model_is_in_the_folder_that_is_returned()
    {
        var model = await Trainer(Train, start: "base model").TrainAsync(Task);
        Assert.AreEqual("""
            {"instruction":"Question: 1 + 1?","output":"One and one.\nThe answer is 2"}
            {"instruction":"Ünïcode \"quoted\" <b>","output":"日本\t語"}

            """.ReplaceLineEndings("\n"), File.ReadAllText(Path.Combine(model, "weights")));
        Assert.AreSequenceEqual(["base model 7"], Calls);
        Assert.AreEqual("done\n", File.ReadAllText(Path.Combine(model, "..", "train.log")));
        Assert.AreSequenceEqual(["data.jsonl", "lock", "model", "train.log"], Files(Entries.Single()));
    }

    [TestMethod]
    public async Task The_same_training_is_made_once_also_by_another_process_in_a_folder_that_was_moved()
    {
        await Trainer(Train).TrainAsync(Task);
        Directory.Move(Kept, Kept + " elsewhere");
        Directory.Move(Kept + " elsewhere", Kept);
        var model = await Trainer(Train).TrainAsync(Task);
        Assert.HasCount(1, Calls);
        Assert.AreEqual(Path.Combine(Entries.Single(), "model"), model);
    }

    [TestMethod]
    public async Task Other_rows_another_order_seed_base_or_command_are_another_training()
    {
        var trainer = Trainer(Train);
        await trainer.TrainAsync(Task);
        await trainer.TrainAsync(Task with { Rows = [.. Task.Rows.Reverse()] });
        await trainer.TrainAsync(Task with { Rows = [Task.Rows[0]] });
        await trainer.TrainAsync(Task with { Seed = 8 });
        await trainer.TrainAsync(Task with { Base = "b" });
        await Trainer(Train, "other").TrainAsync(Task);
        Assert.HasCount(6, Calls);
        Assert.HasCount(6, Entries);
    }

    [TestMethod]
    public async Task A_model_that_was_trained_here_is_a_base_wherever_the_folder_lies()
    {
        var first = await Trainer(Train).TrainAsync(Task);
        var second = await Trainer(Train).TrainAsync(Task with { Base = first });
        Assert.AreEqual($"{first} 7", Calls[1]);
        Directory.Move(Kept, Kept + " moved");
        var moved = new CommandTrainer(new()
        {
            Command = ["sh", Script("train", Train), "{data}", "{out}", "{base}", "{seed}"],
            Folder = Kept + " moved",
        });
        var again = await moved.TrainAsync(Task with { Base = first.Replace(Kept, Kept + " moved", StringComparison.Ordinal) });
        Assert.AreEqual(second.Replace(Kept, Kept + " moved", StringComparison.Ordinal), again);
        Assert.HasCount(2, Calls);
    }

    [TestMethod]
    public async Task A_command_that_fails_is_told_with_its_last_lines_and_leaves_no_model()
    {
        var fault = await ThrowsAsync(ErrorCode.TrainingFailed,
            () => Trainer("echo half >\"$2/weights\"; seq 1 40; echo 'out of memory' >&2; exit 3").TrainAsync(Task));
        Assert.Contains("ended with exit code 3", fault.Message);
        Assert.Contains("40", fault.Message);
        Assert.Contains("out of memory", fault.Message);
        Assert.DoesNotContain("\n9\n", fault.Message);
        Assert.Contains(Path.Combine(Entries.Single(), "train.log"), fault.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(Entries.Single(), "model*"));
        await Trainer(Train).TrainAsync(Task);
        Assert.HasCount(1, Calls);
    }

    [TestMethod]
    public async Task A_command_that_leaves_nothing_has_not_trained()
    {
        var fault = await ThrowsAsync(ErrorCode.TrainingFailed, () => Trainer("echo forgot").TrainAsync(Task));
        Assert.Contains("left nothing in {out}", fault.Message);
        Assert.Contains("forgot", fault.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(Entries.Single(), "model*"));
    }

    [TestMethod]
    public async Task A_stop_kills_the_command_with_all_that_it_started_and_leaves_no_model()
    {
        var pipe = Pipe("alive");
        using var stop = new CancellationTokenSource();
        var trainer = Trainer($"echo half >\"$2/weights\"; exec 9>'{pipe}'; echo up >&9; sleep 600 & sleep 600; echo end >>\"$calls\"");
        var training = trainer.TrainAsync(Task, stop.Token);
        using var reader = await System.Threading.Tasks.Task.Run(() => new StreamReader(pipe)).WaitAsync(Patience);
        Assert.AreEqual("up", await reader.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(Patience));
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => training.WaitAsync(Patience));
        // The pipe ends when none of the processes is left that hold it.
        Assert.IsNull(await reader.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(Patience));
        Assert.IsEmpty(Calls);
        Assert.IsEmpty(Directory.GetDirectories(Entries.Single(), "model"));
    }

    [TestMethod]
    public async Task A_log_that_cannot_be_written_ends_the_command_instead_of_waiting_for_it()
    {
        var trainer = Trainer("if [ ! -e \"$calls\" ]; then echo once >>\"$calls\"; exit 3; fi; seq 1 200000 | tee /dev/stderr; sleep 600");
        await ThrowsAsync(ErrorCode.TrainingFailed, () => trainer.TrainAsync(Task));
        var log = Path.Combine(Entries.Single(), "train.log");
        File.Delete(log);
        File.CreateSymbolicLink(log, "/dev/full");
        await Assert.ThrowsAsync<IOException>(() => trainer.TrainAsync(Task).WaitAsync(Patience));
        Assert.IsEmpty(Directory.GetFileSystemEntries(Entries.Single(), "model*"));
    }

    [TestMethod]
    public async Task What_an_attempt_that_was_killed_left_is_removed_by_the_next()
    {
        await ThrowsAsync(ErrorCode.TrainingFailed, () => Trainer("exit 1").TrainAsync(Task));
        Directory.CreateDirectory(Path.Combine(Entries.Single(), "model.partial-killed", "deep"));
        await Trainer("cp \"$1\" \"$2/weights\"").TrainAsync(Task);
        Assert.AreSequenceEqual(["data.jsonl", "lock", "model", "train.log"], Files(Entries.Single()));
    }

    [TestMethod]
    public async Task Of_two_that_want_the_same_training_one_makes_it_and_the_other_waits()
    {
        var pipe = Pipe("go");
        var script = $"{Train}; cat '{pipe}' >/dev/null";
        CommandTrainer[] trainers = [Trainer(script), Trainer(script)];
        var (first, second) = (trainers[0].TrainAsync(Task), trainers[1].TrainAsync(Task));
        // Opens when the script reads, and lets it end.
        await System.Threading.Tasks.Task.Run(() => File.WriteAllText(pipe, "go")).WaitAsync(Patience);
        Assert.AreEqual(await first.WaitAsync(Patience), await second.WaitAsync(Patience));
        Assert.HasCount(1, Calls);
    }

    [TestMethod]
    public async Task What_a_command_leaves_running_is_not_waited_for()
    {
        var pipe = Pipe("alive");
        var training = Trainer($"cp \"$1\" \"$2/weights\"; (read line <'{pipe}') &").TrainAsync(Task);
        await training.WaitAsync(Patience);
        await System.Threading.Tasks.Task.Run(() => File.WriteAllText(pipe, "end\n")).WaitAsync(Patience);
    }

    [TestMethod]
    public async Task Data_goes_to_a_folder_of_its_own_where_one_is_named()
    {
        var data = Path.Combine(Folder, "data here");
        var model = await Trainer("echo \"$1\" >\"$2/path\"", data: data).TrainAsync(Task);
        Assert.AreEqual(Directory.GetFiles(data).Single() + "\n", File.ReadAllText(Path.Combine(model, "path")));
    }

    [TestMethod]
    public async Task A_training_that_begins_is_told_with_its_log_and_one_that_is_found_is_not()
    {
        var told = new List<string>();
        await Trainer(Train, notice: told.Add).TrainAsync(Task);
        await Trainer(Train, notice: told.Add).TrainAsync(Task);
        Assert.HasCount(1, told);
        Assert.EndsWith(Path.Combine(Entries.Single(), "train.log"), told[0]);
    }

    [TestMethod]
    public async Task A_program_that_is_not_there_is_a_fault_of_the_configuration()
    {
        var trainer = new CommandTrainer(new() { Command = ["no-such-program", "{data}", "{out}"], Folder = Kept });
        var fault = await ThrowsAsync(ErrorCode.Configuration, () => trainer.TrainAsync(Task));
        Assert.Contains("'no-such-program' cannot be started", fault.Message);
    }

    [TestMethod]
    public void A_command_without_data_or_out_or_with_a_base_that_it_does_not_take_is_refused()
    {
        Assert.Contains("names no program", Refused());
        Assert.Contains("lacks {data}", Refused("t", "{out}"));
        Assert.Contains("lacks {out}", Refused("t", "--data={data}"));
        Assert.Contains("lacks {base}", Refused("t", "{data}", "{out}"));

        string Refused(params string[] command) => Throws(ErrorCode.Configuration,
            () => _ = new CommandTrainer(new() { Command = command, Folder = Kept, Base = "b" })).Message;
    }

    private static IEnumerable<string?> Files(string folder) => Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order();
}
