using System.Text.Json;

namespace ML.Pipelines.OnnxRuntime;

/// <summary>How an <see cref="OnnxChatClient"/> runs its model.</summary>
public sealed record OnnxChatClientOptions : OnnxSessionOptions
{
    /// <summary>The most replies that are decoded at once; further calls wait. At least 1.</summary>
    public int MaxRows { get; init; } = 32;

    /// <summary>The most tokens of all key-value caches together, padding included; a single reply may need more. A token takes 2 x
    /// layers x key-value heads x head size numbers, and twice that while a pass runs. At least 1.</summary>
    public int MaxCacheTokens { get; init; } = 32_768;

    /// <summary>The most new tokens of a call that does not say; null takes generation_config.json's max_new_tokens, else what the
    /// context leaves. At least 1.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The seed of sampling of calls that have none. Replies repeat: give calls that shall differ their own.</summary>
    public long Seed { get; init; }

    /// <summary>A Jinja chat template to take instead of the model's.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Which of the model's templates is taken where it has several; null takes "default".</summary>
    public string? ChatTemplateName { get; init; }

    /// <summary>Further variables of the template, for example enable_thinking: strings, booleans and numbers.</summary>
    public IReadOnlyDictionary<string, object>? TemplateVariables { get; init; }

    /// <summary>The day that templates print as today (strftime_now); null: there is no such function, and most templates then leave the
    /// day out or print a fixed one. The computer's date is never taken, so that a prompt is the same on every day.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>What changes replies beside the model's files.</summary>
    internal string ReplySettings => JsonSerializer.Serialize(new object?[]
    {
        ChunkSize, ContextLength, MaxOutputTokens, Seed, ChatTemplate, ChatTemplateName, Date,
        TemplateVariables?.OrderBy(variable => variable.Key, StringComparer.Ordinal),
    });

    internal override void Validate()
    {
        base.Validate();
        Require(MaxRows >= 1, nameof(MaxRows), "at least 1");
        Require(MaxCacheTokens >= 1, nameof(MaxCacheTokens), "at least 1");
        Require(MaxOutputTokens is null or >= 1, nameof(MaxOutputTokens), "at least 1");
        Require(TemplateVariables?.Values.All(value => value is string or bool or int or long or float or double) != false,
            nameof(TemplateVariables), "strings, booleans and numbers");
    }
}
