using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>Which answer a row is scored by, or why the row is dropped.</summary>
/// <param name="Answer">The answer; null for a kept row without one.</param>
/// <param name="DropReason">Set when the row's policy drops it.</param>
internal readonly record struct AnswerCheck(string? Answer, string? DropReason)
{
    public const string CutOff = "cut-off";
    public const string WrongAnswer = "wrong-answer";
    public const string NoAnswer = "no-answer";

    /// <summary>
    /// The gold answer where there is one, else the stated one. A trace that states no answer cannot be shown wrong: with a gold answer
    /// it stays.
    /// </summary>
    public static AnswerCheck Of(PruningRow row, PruningOptions options)
    {
        if (!row.Complete && options.CutOff == RowPolicy.Drop) return new(null, CutOff);
        var stated = Stated(row);
        if (string.IsNullOrWhiteSpace(row.Answer) && string.IsNullOrWhiteSpace(stated))
            return new(null, options.NoAnswer == RowPolicy.Drop ? NoAnswer : null);
        if (string.IsNullOrWhiteSpace(row.Answer)) return new(stated, null);
        var wrong = row.Complete && stated is not null && !AnswerEquivalence.AreEquivalent(stated, row.Answer);
        return wrong && options.WrongAnswer == RowPolicy.Drop ? new(null, WrongAnswer) : new(row.Answer, null);
    }

    private static string? Stated(PruningRow row) =>
        (string.IsNullOrWhiteSpace(row.Solution) ? null : AnswerExtractor.Extract(row.Solution)) ?? AnswerExtractor.Extract(row.Reasoning);
}
