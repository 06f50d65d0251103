namespace ML.Pipelines.Rewriting;

/// <summary>What a stage that shortens chains reads of a row.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Question">The question.</param>
/// <param name="Reasoning">The chain; empty where there is none.</param>
/// <param name="Answer">The gold answer, or null.</param>
/// <param name="Solution">The text after the chain, or null.</param>
/// <param name="Difficulty">The level that was judged before, or null.</param>
/// <param name="Complete">False for traces that were cut off.</param>
public sealed record ChainRow(string Id, string Question, string Reasoning, string? Answer, string? Solution, Difficulty? Difficulty, bool Complete);

/// <summary>A chain as it was shortened.</summary>
/// <param name="Reasoning">The chain.</param>
/// <param name="Solution">The text after it; null: the row's own stays.</param>
/// <param name="Difficulty">The level of its frame; null: it has none.</param>
public sealed record ShortChain(string Reasoning, string? Solution = null, Difficulty? Difficulty = null);

/// <summary>What became of a row's chain.</summary>
/// <param name="Chain">The chain that goes on.</param>
/// <param name="Answer">The answer that it was checked against.</param>
/// <param name="Outcome">How it came about.</param>
/// <param name="Rate">The share of words that were asked to go; null where none was.</param>
/// <param name="Attempts">How many shorter chains were made for it.</param>
/// <param name="TokensBefore">Tokens of the row's chain.</param>
/// <param name="TokensAfter">Tokens of the chain that goes on.</param>
public sealed record ShortenedRow(
    ShortChain Chain, string? Answer, ChainOutcome Outcome, double? Rate, int Attempts, int TokensBefore, int TokensAfter)
{
    /// <summary>With <see cref="RateLayout.Columns"/> the chain that passed at each rate, in their order; null where none did.</summary>
    public IReadOnlyList<string?> Shorter { get; init; } = [];
}

/// <summary>How the chain that goes on came about.</summary>
public enum ChainOutcome
{
    /// <summary>The shorter chain passed all gates; with several as columns, one of them did.</summary>
    Shortened = 0,

    /// <summary>No attempt passed: the row's own chain stays.</summary>
    Original = 1,

    /// <summary>No attempt passed: the row's own chain, pruned by perplexity.</summary>
    Pruned = 2,
}

/// <summary>One attempt at a shorter chain, with the numbers behind its verdict.</summary>
/// <param name="TraceId">The row's id.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Attempt">From 1 on.</param>
/// <param name="Verdict"><c>passed</c>, or the gate that failed, see <see cref="ChainGate"/>, or the teacher's error code.</param>
/// <param name="Difficulty">The level of the reply's frame.</param>
/// <param name="Rate">The share of words that were asked to go.</param>
/// <param name="AchievedRate">The share of words that went: C3oT's rho over this row; negative where the reply is longer.</param>
/// <param name="TokensBefore">Tokens of the row's chain.</param>
/// <param name="TokensAfter">Tokens of the reply's chain.</param>
/// <param name="Answer">The answer that the reply states; null: none was found.</param>
/// <param name="NumbersKept">The share of the needed numbers that the reply has.</param>
/// <param name="AnswerLossIncrease">Nats per answer token by which the answer became less likely; null where it was not scored.</param>
public sealed record AttemptEvidence(
    string TraceId, string Stage, int Attempt, string Verdict, Difficulty? Difficulty = null, double? Rate = null, double? AchievedRate = null,
    int TokensBefore = 0, int? TokensAfter = null, string? Answer = null, double? NumbersKept = null, double? AnswerLossIncrease = null)
{
    /// <summary>The verdict of an attempt that passed.</summary>
    public const string Passed = "passed";
}
