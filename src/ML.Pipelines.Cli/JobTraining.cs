using System.Globalization;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Compression;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Teachers;
using ML.Pipelines.Training;

namespace ML.Pipelines.Cli;

/// <summary>What trains models for a stage, and what has them answer.</summary>
/// <param name="Trainer">Trains.</param>
/// <param name="Predictor">Has a trained model answer.</param>
internal sealed record StageTraining(ITrainer Trainer, IPredictor Predictor);

/// <summary>The trainings of a job.</summary>
internal static class JobTraining
{
    /// <summary>The most trainings of a job; null: none of its stages trains.</summary>
    public static int? MostTrainings(Job job) =>
        job.FindStage("select-rate") is { } stage ? RateSelection(job, stage).MostTrainings : null;

    /// <summary>The options of a select-rate stage; its models learn under the conditions of the job's training rows.</summary>
    public static RateSelectionOptions RateSelection(Job job, StageOptions stage) => new()
    {
        Rates = [.. stage.TextMap("rates").Select(Rate)],
        Folds = stage.Integer("folds"),
        Repeats = stage.Integer("repeats"),
        Needed = stage.Integer("needed"),
        Seed = stage.Integer("seed"),
        QuestionColumn = stage.Text("questionColumn"),
        AnswerColumn = stage.Text("answerColumn"),
        Texts = job.FindStage("conditioned") is { } conditioned ? FormatChain.Conditions(conditioned) : new(),
    };

    private static RateColumn Rate(KeyValuePair<string, string> rate) =>
        new(double.Parse(rate.Key, CultureInfo.InvariantCulture), rate.Value);

    /// <summary>For a run: the commands that the stage names.</summary>
    /// <param name="job">The job.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="journal">Keeps the replies of models in this process.</param>
    /// <param name="notice">Called with what a person should know.</param>
    public static StageTraining Open(Job job, StageOptions stage, IReplyJournal journal, Action<string> notice)
    {
        var folder = Folder(job, stage);
        var trainer = new CommandTrainer(new()
        {
            Command = stage.TextList("trainer.command"),
            Folder = folder,
            DataFolder = stage.TextOrNull("trainer.data"),
            Base = stage.Text("trainer.base"),
            Option = $"stages.{stage.Name}.trainer.command",
            Notice = notice,
        });
        return new(trainer, stage.TextList("trainer.predict").Count > 0 ? Command(stage, folder, notice) : Onnx(stage, journal, notice));
    }

    /// <summary>For estimates and checks: nothing is trained.</summary>
    /// <exception cref="PipelineException">As <see cref="Open"/> where the job cannot train.</exception>
    public static StageTraining Estimate(Job job, StageOptions stage)
    {
        Folder(job, stage);
        var estimating = new EstimatingTrainer();
        return new(estimating, estimating);
    }

    private static string Folder(Job job, StageOptions stage)
    {
        CheckPlace(job, stage, "trainer.out");
        CheckPlace(job, stage, "trainer.data");
        if (stage.TextOrNull("trainer.out") is { } given) return given;
        return !RunStores.IsAddress(job.Output.Folder) ? OwnFolder(job)
            : throw new PipelineException(ErrorCode.Configuration,
                $"stages.{stage.Name}.trainer.out: missing, but required where the output is no local folder ({job.Output.Folder}). Give a "
                    + "local folder for trained models; a run that goes on elsewhere finds only those that are there.");
    }

    // A run refuses an output folder that holds what is not its own, and it looks after the trainings are paid.
    private static void CheckPlace(Job job, StageOptions stage, string option)
    {
        if (stage.TextOrNull(option) is not { } folder || RunStores.IsAddress(job.Output.Folder)) return;
        if (!IsIn(job.Output.Folder, folder) || IsIn(OwnFolder(job), folder)) return;
        throw new PipelineException(ErrorCode.Configuration,
            $"stages.{stage.Name}.{option}: '{folder}' lies in the output's folder '{job.Output.Folder}', which is the run's alone. Give a folder "
                + $"outside, or '{OwnFolder(job)}', or none.");
    }

    private static string OwnFolder(Job job) => Path.Combine(job.Output.Folder, RunFolder.TrainingsFolder);

    private static bool IsIn(string folder, string path) => Path.GetRelativePath(Path.GetFullPath(folder), Path.GetFullPath(path)) is var name
        && name != ".." && !name.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !Path.IsPathRooted(name);

    private static CommandPredictor Command(StageOptions stage, string folder, Action<string> notice) => new(new()
    {
        Command = stage.TextList("trainer.predict"),
        Folder = folder,
        Option = $"stages.{stage.Name}.trainer.predict",
        Notice = notice,
    });

    private static ChatClientPredictor Onnx(StageOptions stage, IReplyJournal journal, Action<string> notice)
    {
        // The same is to be said of each of the models.
        Action<string>? first = notice;
        return new(model =>
        {
            var options = new OnnxChatClientOptions { Notice = said => Interlocked.Exchange(ref first, null)?.Invoke(said) };
            var client = OnnxChatClient.Load(OnnxModel.FromFolder(model), options);
            return new Teacher(client, client.Info, journal);
        })
        {
            MaxOutputTokens = stage.IntegerOrNull("maxOutputTokens"),
            Concurrency = stage.Integer("concurrency"),
        };
    }
}
