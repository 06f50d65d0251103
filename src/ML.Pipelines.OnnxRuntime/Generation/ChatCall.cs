using System.Globalization;
using Microsoft.Extensions.AI;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>A call of a chat client in the model's terms.</summary>
/// <param name="Prompt">The prompt's ids.</param>
/// <param name="MaxNewTokens">The most tokens of the reply.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="StopSequences">Texts that end the reply.</param>
internal sealed record ChatCall(
    IReadOnlyList<int> Prompt, int MaxNewTokens, SamplingOptions Sampling, IReadOnlyList<string> StopSequences);

/// <summary>Reads messages and options.</summary>
/// <param name="maxOutputTokens">The most tokens of a reply where a call does not say; null: no limit but the context.</param>
/// <param name="seed">The seed where a call has none.</param>
internal sealed class ChatCallReader(int? maxOutputTokens, long seed)
{
    /// <exception cref="PipelineException">With <see cref="ErrorCode.Configuration"/>: an option is out of its range or not supported; or
    /// as
    /// <see cref="ChatPrompt.Encode(IReadOnlyList{ChatMessage})"/>.</exception>
    public ChatCall Read(IReadOnlyList<ChatMessage> messages, ChatOptions? options,
        Func<IReadOnlyList<ChatMessage>, IReadOnlyList<int>> encode)
    {
        options ??= new();
        RequireSupported(options);
        if (options.Instructions is { Length: > 0 } instructions) messages = [new(ChatRole.System, instructions), .. messages];
        var most = options.MaxOutputTokens ?? maxOutputTokens ?? int.MaxValue;
        Require(most >= 1, nameof(ChatOptions.MaxOutputTokens), "at least 1");
        var stops = options.StopSequences ?? [];
        Require(stops.All(stop => !string.IsNullOrEmpty(stop)), nameof(ChatOptions.StopSequences), "texts that are not empty");
        return new(encode(messages), most, ReadSampling(options), [.. stops]);
    }

    private SamplingOptions ReadSampling(ChatOptions options)
    {
        var sampling = new SamplingOptions
        {
            Temperature = options.Temperature ?? 0,
            TopP = options.TopP ?? 1,
            TopK = options.TopK ?? 0,
            RepetitionPenalty = ReadPenalty(options),
            Seed = SamplingOptions.SeedOf(options.Seed ?? seed,
                options.AdditionalProperties?.GetValueOrDefault(CallProperties.RowId) as string),
        };
        Require(sampling.Temperature is >= 0 and < float.PositiveInfinity, nameof(ChatOptions.Temperature), "at least 0");
        Require(sampling.TopP is > 0 and <= 1, nameof(ChatOptions.TopP), "above 0 to 1");
        Require(sampling.TopK >= 0, nameof(ChatOptions.TopK), "at least 1");
        Require(sampling.RepetitionPenalty is > 0 and < float.PositiveInfinity, CallProperties.RepetitionPenalty, "above 0");
        return sampling;
    }

    private static float ReadPenalty(ChatOptions options)
    {
        if (options.AdditionalProperties?.GetValueOrDefault(CallProperties.RepetitionPenalty) is not { } value) return 1;
        Require(value is float or double or decimal or int or long, CallProperties.RepetitionPenalty, "a number");
        return Convert.ToSingle(value, CultureInfo.InvariantCulture);
    }

    // What would be asked for and not be done must not go unheard.
    private static void RequireSupported(ChatOptions options)
    {
        Require(options.Tools is not { Count: > 0 }, nameof(ChatOptions.Tools), "empty: the ONNX chat client calls no tools");
        Require(options.FrequencyPenalty is null or 0, nameof(ChatOptions.FrequencyPenalty),
            $"null; use {CallProperties.RepetitionPenalty}");
        Require(options.PresencePenalty is null or 0, nameof(ChatOptions.PresencePenalty), $"null; use {CallProperties.RepetitionPenalty}");
    }

    private static void Require(bool condition, string option, string range)
    {
        if (!condition) throw new PipelineException(ErrorCode.Configuration, $"{nameof(ChatOptions)}.{option} must be {range}.");
    }
}
