using ML.Pipelines.Formatting;
using ML.Pipelines.Training;

namespace ML.Pipelines.Tests.Training;

/// <summary>Trains in no time: a function tells which questions a model then answers. A model is known by its place in the list.</summary>
/// <param name="answers">Whether the model that a training made answers a question correctly; the answer to all is 42.</param>
internal sealed class StubTrainer(Func<TrainingTask, string, bool> answers) : ITrainer, IPredictor
{
    private static readonly string Prefix = ConditionedFormat.Instruction("", ConditionedFormat.ShortName);

    public const string Answer = "42";

    public List<TrainingTask> Trainings { get; } = [];

    public List<string[]> Asked { get; } = [];

    /// <summary>Is told of each training before it is made.</summary>
    public Action<int> Starting { get; init; } = _ => { };

    public Task<string> TrainAsync(TrainingTask task, CancellationToken cancellationToken = default)
    {
        Starting(Trainings.Count);
        Trainings.Add(task);
        return Task.FromResult($"{Trainings.Count - 1}");
    }

    public Task<IReadOnlyList<string?>> PredictAsync(
        string model, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken = default)
    {
        Assert.AreEqual($"{Trainings.Count - 1}", model);
        Asked.Add([.. prompts.Select(prompt => Question(prompt.Text))]);
        return Task.FromResult<IReadOnlyList<string?>>([.. Asked[^1].Select(question =>
            answers(Trainings[^1], question) ? $"Short.\nThe answer is {Answer}" : null)]);
    }

    /// <summary>The questions that a training saw.</summary>
    public static string[] Known(TrainingTask task) => [.. task.Rows.Select(row => Question(row.Instruction))];

    /// <summary>Whether all of a training's chains are of a rate: they start with it.</summary>
    public static bool IsOf(TrainingTask task, string rate) =>
        task.Rows.All(row => row.Output.StartsWith(rate + " ", StringComparison.Ordinal));

    private static string Question(string instruction)
    {
        Assert.StartsWith(Prefix, instruction);
        return instruction[Prefix.Length..];
    }
}
