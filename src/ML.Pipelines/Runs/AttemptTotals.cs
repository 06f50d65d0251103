using System.Globalization;
using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Runs;

/// <summary>What became of a stage's attempts to shorten chains, at one rate.</summary>
/// <param name="Rows">Rows that were asked for.</param>
/// <param name="Passed">Rows of which an attempt passed all gates.</param>
/// <param name="Attempts">Shorter chains that were made or asked for.</param>
/// <param name="TokensBefore">Tokens of the chains of rows that passed.</param>
/// <param name="TokensAfter">Tokens of their shorter chains.</param>
/// <param name="LossIncrease">The sum over <paramref name="Scored"/> rows of the increase of the answer's loss, in nats per answer token.</param>
/// <param name="Scored">Rows that passed and were scored.</param>
public sealed record AttemptTotals(
    long Rows, long Passed, long Attempts, long TokensBefore, long TokensAfter, double LossIncrease = 0, long Scored = 0)
{
    /// <summary>The sum of two.</summary>
    public AttemptTotals Add(AttemptTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Rows + other.Rows, Passed + other.Passed, Attempts + other.Attempts, TokensBefore + other.TokensBefore,
            TokensAfter + other.TokensAfter, LossIncrease + other.LossIncrease, Scored + other.Scored);
    }

    /// <summary>The totals of attempts by stage, and by rate where rates were asked for: <c>rewrite</c>, <c>compress 0.5</c>.</summary>
    internal static SortedDictionary<string, AttemptTotals> Of(IReadOnlyList<AttemptEvidence> attempts)
    {
        var totals = new SortedDictionary<string, AttemptTotals>(StringComparer.Ordinal);
        // A row's attempts at a rate follow each other, and the last one decides.
        for (var i = 0; i < attempts.Count; i++)
        {
            var attempt = attempts[i];
            var isLast = i + 1 == attempts.Count || attempts[i + 1].Attempt == 1;
            var passed = isLast && attempt.Verdict == AttemptEvidence.Passed;
            var one = new AttemptTotals(
                isLast ? 1 : 0, passed ? 1 : 0, 1, passed ? attempt.TokensBefore : 0, passed ? attempt.TokensAfter ?? 0 : 0,
                passed ? attempt.AnswerLossIncrease ?? 0 : 0, passed && attempt.AnswerLossIncrease is not null ? 1 : 0);
            var name = attempt.Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{attempt.Stage} {rate}") : attempt.Stage;
            totals[name] = totals.TryGetValue(name, out var known) ? known.Add(one) : one;
        }
        return totals;
    }
}
