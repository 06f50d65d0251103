using ML.Pipelines.Models;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Compression;

/// <summary>Scores words with a language model: one pass for their self-information, and leave-one-out passes for the answer.</summary>
/// <param name="texts">Reads chains.</param>
/// <param name="answers">Scores answers; usually the same model.</param>
public sealed class LanguageWordScorer(ITextScorer texts, ILanguageScorer answers) : IWordScorer
{
    /// <inheritdoc/>
    public int CountTokens(string text) => answers.CountTokens(text);

    /// <inheritdoc/>
    public async ValueTask<WordScores> ScoreWordsAsync(WordScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var read = await texts.ScoreTextAsync(request.Prefix, request.Chain, cancellationToken).ConfigureAwait(false);
            if (read.Overflow is { } overflow) return WordScores.Failed(Overflow(overflow));
            var information = WordSelection.SelfInformation(request.Chain, request.Words, read.Tokens);
            var scores = new WordScores(information, new double[information.Length], InputTokens: read.InputTokens);
            return request.Answer is null ? scores : await WithImportanceAsync(request, scores, cancellationToken).ConfigureAwait(false);
        }
        catch (PipelineException fault) when (IsOfRow(fault))
        {
            return WordScores.Failed(new(fault.Code, fault.Message));
        }
        catch (TeacherFaultException fault)
        {
            // A scorer on a server throws it only for what concerns this request alone.
            return WordScores.Failed(fault.ToRowError());
        }
    }

    /// <inheritdoc/>
    public ValueTask<AnswerScore> ScoreAnswerAsync(AnswerScoringRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ScoreAnswerAsync(answers, request, cancellationToken);
    }

    /// <summary>The answer's loss behind a chain, by any model that scores continuations.</summary>
    internal static async ValueTask<AnswerScore> ScoreAnswerAsync(
        ILanguageScorer answers, AnswerScoringRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var leaveOneOut = Request(request.Prefix, [request.Chain], request.Bridge, request.Answer, []);
            var result = await answers.LeaveOneOutAsync(leaveOneOut, cancellationToken).ConfigureAwait(false);
            return result.Overflow is { } overflow ? new(double.NaN, Overflow(overflow)) : new(Loss(result.Full), null, result.InputTokens);
        }
        catch (PipelineException fault) when (IsOfRow(fault))
        {
            return new(double.NaN, new(fault.Code, fault.Message));
        }
        catch (TeacherFaultException fault)
        {
            return new(double.NaN, fault.ToRowError());
        }
    }

    private async ValueTask<WordScores> WithImportanceAsync(
        WordScoringRequest request, WordScores scores, CancellationToken cancellationToken)
    {
        var (texts, ranges) = Segments(request, WordSegments.Of(request.Words, scores.Information, request.MaxSegments));
        int[] leaveOut = [.. Enumerable.Range(0, texts.Count).Where(i => ranges[i] is not null)];
        var leaveOneOut = Request(request.Prefix, texts, request.Bridge, request.Answer!, leaveOut);
        var result = await answers.LeaveOneOutAsync(leaveOneOut, cancellationToken).ConfigureAwait(false);
        if (result.Overflow is { } overflow) return WordScores.Failed(Overflow(overflow));
        var (importance, whole) = (new double[request.Words.Count], Loss(result.Full));
        for (var i = 0; i < leaveOut.Length; i++)
        {
            var (start, length) = ranges[leaveOut[i]]!.Value.GetOffsetAndLength(importance.Length);
            Array.Fill(importance, (Loss(result.Without[i]) - whole) / length, start, length);
        }
        return scores with { Importance = importance, AnswerLoss = whole, InputTokens = scores.InputTokens + result.InputTokens };
    }

    // A word's segment has the white space before it, as a tokenizer takes it.
    private static (List<string> Texts, List<Range?> Ranges) Segments(WordScoringRequest request, IReadOnlyList<Range> leftOut)
    {
        var (texts, ranges, at) = (new List<string>(), new List<Range?>(), 0);
        foreach (var range in leftOut)
        {
            Add(null, range.Start.Value > 0 ? request.Words[range.Start.Value - 1].Span.End : 0);
            Add(range, request.Words[range.End.Value - 1].Span.End);
        }
        Add(null, request.Chain.Length);
        return (texts, ranges);

        void Add(Range? range, int end)
        {
            if (range is null && end == at) return;
            texts.Add(request.Chain[at..end]);
            ranges.Add(range);
            at = end;
        }
    }

    private static LeaveOneOutRequest Request(
        string prefix, IReadOnlyList<string> segments, string bridge, string answer, IReadOnlyList<int> leaveOut) =>
        new() { Prefix = prefix, Segments = segments, Suffix = bridge, Continuation = answer, LeaveOut = leaveOut };

    // Sorted, a NaN would be the lowest value, and its word dropped.
    private static double Loss(IReadOnlyList<double> logProbabilities)
    {
        var loss = -logProbabilities.Average();
        return double.IsFinite(loss) ? loss : throw new PipelineException(ErrorCode.NotFinite,
            $"The answer's negative log-likelihood is {loss}: the model gave a log-probability that is no number. Check the model.");
    }

    private static bool IsOfRow(PipelineException fault) => fault.Code is ErrorCode.TokenOutOfRange or ErrorCode.NotFinite;

    private static RowError Overflow(ContextOverflow overflow) => new(ErrorCode.ContextOverflow,
        $"The chain in its context has {overflow.RequiredTokens} tokens; the model takes {overflow.ContextLength}. Use a model with a "
            + "longer context, or leave long chains out.");
}
