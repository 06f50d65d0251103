using ML.Pipelines.Teachers;

namespace ML.Pipelines.Rewriting;

/// <summary>Where shorter chains come from.</summary>
/// <remarks>What it gives depends on the arguments alone. Safe for concurrent calls.</remarks>
internal interface IChainSource
{
    /// <summary>The stage's name.</summary>
    string Name { get; }

    /// <summary>What a teacher is told, which no chain may repeat; null: nobody is told anything.</summary>
    PromptTemplate? Prompt { get; }

    /// <summary>The most chains for a row and rate, at least 1.</summary>
    int MostAttempts { get; }

    /// <summary>A chain in place of a row's.</summary>
    /// <param name="row">The row.</param>
    /// <param name="answer">The answer that the chain must lead to.</param>
    /// <param name="rate">The share of words that are to go; null: as many as possible.</param>
    /// <param name="failed">The chains so far, of which none passed.</param>
    /// <param name="cancellationToken">Cancels between model calls.</param>
    ValueTask<ChainReply> NextAsync(
        ChainRow row, string answer, double? rate, IReadOnlyList<FailedChain> failed, CancellationToken cancellationToken);
}

/// <summary>A chain, or why there is none.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Text">What a teacher wrote; null: nothing.</param>
/// <param name="Fault">What is wrong with the form, as a verdict and as what to tell; another attempt may do better.</param>
/// <param name="Error">Why the row cannot be processed.</param>
internal sealed record ChainReply(
    ShortChain? Chain, string? Text = null, (string Verdict, string Feedback)? Fault = null, RowError? Error = null);

/// <summary>A chain that failed a gate.</summary>
/// <param name="Text">What the teacher wrote; null: nothing.</param>
/// <param name="Feedback">What was wrong.</param>
internal sealed record FailedChain(string? Text, string Feedback);
