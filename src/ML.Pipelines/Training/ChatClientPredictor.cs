using Microsoft.Extensions.AI;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Training;

/// <summary>Has a trained model answer as a chat client in this process does, for example one that ONNX Runtime runs.</summary>
/// <remarks>Each prompt is a user's message; decoding is greedy. A reply that was cut off, is empty or declines is no text.</remarks>
/// <param name="open">Opens a trained model; what it gives is disposed of after the prompts.</param>
public sealed class ChatClientPredictor(Func<string, Teacher> open) : IPredictor
{
    private const string StageName = "predict";

    /// <summary>The most tokens of a reply; null: the model's limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Prompts in work at once, 1 or more; does not change the texts.</summary>
    public int Concurrency { get; init; } = 8;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string?>> PredictAsync(
        string model, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(prompts);
        using var teacher = open(model);
        var texts = new string?[prompts.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, prompts.Count, parallel, async (i, stop) =>
            texts[i] = await AnswerAsync(teacher, prompts[i], stop).ConfigureAwait(false)).ConfigureAwait(false);
        return texts;
    }

    private async Task<string?> AnswerAsync(Teacher teacher, Prompt prompt, CancellationToken cancellationToken)
    {
        var reply = await teacher.AskAsync(new()
        {
            RowId = prompt.Id,
            Stage = StageName,
            Messages = [new ChatMessage(ChatRole.User, prompt.Text)],
            MaxOutputTokens = MaxOutputTokens,
            Temperature = 0,
        }, cancellationToken).ConfigureAwait(false);
        return reply.Text;
    }
}
