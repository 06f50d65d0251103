using Microsoft.Extensions.AI;
using ML.Pipelines.Stages;
using ML.Pipelines.Teachers;
using ML.Pipelines.Text;

namespace ML.Pipelines.Rewriting;

/// <summary>How a method asks for a chain and reads the reply.</summary>
internal interface IShorteningMethod
{
    /// <summary>The stage's name.</summary>
    string Name { get; }

    /// <summary>The values for the prompt.</summary>
    IReadOnlyDictionary<string, string> Values(ChainRow row, string answer, double? rate);

    /// <summary>The chain of a reply, or what is wrong with its form.</summary>
    (ShortChain? Chain, (string Verdict, string Feedback)? Fault) Read(ChainRow row, string reply);
}

/// <summary>Asks a teacher for a shorter chain, checks it, asks again with what was wrong, and falls back.</summary>
/// <param name="method">The method.</param>
/// <param name="teacher">The teacher.</param>
/// <param name="options">Gates and policies.</param>
/// <param name="rates">The shares of words to go, each an output row; a single null: none is asked for.</param>
/// <param name="tools">Counts tokens, and where options need it scores answers and prunes.</param>
internal sealed class ShorteningStage(
    IShorteningMethod method, Teacher teacher, ShorteningOptions options, IReadOnlyList<double?> rates, ChainTools tools)
    : IStage<ChainRow, ShortenedRow>
{
    public const string CutOff = "cut-off";

    /// <summary>Errors that lie in the reply: asked in other words, the teacher may do better.</summary>
    private static readonly string[] OfReply = [ErrorCode.TeacherEmpty, ErrorCode.TeacherRefusal, ErrorCode.TeacherTruncated, ErrorCode.TeacherFiltered];

    private readonly ChainGate _gate = new(options);

    public string Name => method.Name;

    public async ValueTask<IReadOnlyList<StageOutcome<ShortenedRow>>> ProcessAsync(IReadOnlyList<ChainRow> rows, CancellationToken cancellationToken)
    {
        var outcomes = new StageOutcome<ShortenedRow>[rows.Count];
        for (var i = 0; i < rows.Count; i++) outcomes[i] = await ProcessAsync(rows[i], cancellationToken).ConfigureAwait(false);
        return outcomes;
    }

    private async ValueTask<StageOutcome<ShortenedRow>> ProcessAsync(ChainRow row, CancellationToken cancellationToken)
    {
        if (!row.Complete) return StageOutcome<ShortenedRow>.Dropped(CutOff);
        if (AnswerOf(row) is not { } answer) return StageOutcome<ShortenedRow>.Dropped(ChainGate.NoAnswer);
        var made = new List<ShortenedRow>();
        var attempts = new List<AttemptEvidence>();
        string? dropped = null;
        foreach (var rate in rates)
        {
            var (result, verdict, error) = await ShortenAsync(row, answer, rate, attempts, cancellationToken).ConfigureAwait(false);
            if (error is not null) return StageOutcome<ShortenedRow>.Quarantined(error).With(attempts);
            if (result is not null) made.Add(result);
            dropped = verdict ?? dropped;
        }
        return (made.Count > 0 ? StageOutcome<ShortenedRow>.Kept(made) : StageOutcome<ShortenedRow>.Dropped(dropped!)).With(attempts);
    }

    // The gold answer; without one, what the row states itself.
    private static string? AnswerOf(ChainRow row) => !string.IsNullOrWhiteSpace(row.Answer) ? row.Answer
        : (string.IsNullOrWhiteSpace(row.Solution) ? null : AnswerExtractor.Extract(row.Solution)) ?? AnswerExtractor.Extract(row.Reasoning);

    private async ValueTask<(ShortenedRow? Row, string? Dropped, RowError? Error)> ShortenAsync(
        ChainRow row, string answer, double? rate, List<AttemptEvidence> attempts, CancellationToken cancellationToken)
    {
        var values = method.Values(row, answer, rate);
        if (options.Prompt.Placeholders.FirstOrDefault(name => !values.ContainsKey(name)) is { } missing) return (null, null, Lacks(row, missing));
        List<ChatMessage> messages = [.. options.Prompt.Render(values)];
        var before = tools.CountTokens(row.Reasoning);
        for (var attempt = 1; attempt <= options.Retries + 1; attempt++)
        {
            var reply = await teacher.AskAsync(Call(row, messages, attempt), cancellationToken).ConfigureAwait(false);
            if (reply.Error is { } error && !OfReply.Contains(error.Code)) return (null, null, error with { Attempts = attempt });
            var (evidence, chain, feedback) = await JudgeAsync(row, answer, rate, before, attempt, reply, cancellationToken).ConfigureAwait(false);
            attempts.Add(evidence);
            if (feedback is null) return (new(chain!, row.Answer ?? answer, ChainOutcome.Shortened, rate, attempt, before, evidence.TokensAfter!.Value), null, null);
            Ask(messages, reply.Text, $"This cannot be used. {feedback} Write it again, as asked for.");
        }
        return await FallBackAsync(row, answer, rate, before, attempts[^1].Verdict, cancellationToken).ConfigureAwait(false);
    }

    // Many templates take turns only: where there is no reply to answer, the question itself says more.
    private static void Ask(List<ChatMessage> messages, string? reply, string feedback)
    {
        if (reply is null)
        {
            messages[^1] = new(ChatRole.User, $"{messages[^1].Text}\n\n{feedback}");
            return;
        }
        messages.Add(new(ChatRole.Assistant, reply));
        messages.Add(new(ChatRole.User, feedback));
    }

    private RowError Lacks(ChainRow row, string value) => new(ErrorCode.TypeMismatch,
        $"Row {row.Id} has no value for {{{{{value}}}}} of prompt '{options.Prompt.Name}'. Give it one, or choose a prompt that does without.");

    private TeacherCall Call(ChainRow row, List<ChatMessage> messages, int attempt) => new()
    {
        RowId = row.Id,
        Stage = method.Name,
        Messages = [.. messages],
        MaxOutputTokens = options.MaxOutputTokens,
        Temperature = options.Temperature,
        Seed = options.Temperature > 0 ? options.Seed + attempt - 1 : null,
    };

    private async ValueTask<(AttemptEvidence Evidence, ShortChain? Chain, string? Feedback)> JudgeAsync(
        ChainRow row, string answer, double? rate, int before, int attempt, TeacherReply reply, CancellationToken cancellationToken)
    {
        var evidence = new AttemptEvidence(row.Id, method.Name, attempt, AttemptEvidence.Passed, Rate: rate, TokensBefore: before);
        if (reply.Error is { } error) return (evidence with { Verdict = error.Code }, null, error.Message);
        var (chain, fault) = method.Read(row, reply.Text!);
        if (fault is { } form) return (evidence with { Verdict = form.Verdict }, null, form.Feedback);
        var after = tools.CountTokens(chain!.Reasoning);
        evidence = evidence with
        {
            Difficulty = chain.Difficulty,
            AchievedRate = WordsGone(row.Reasoning, chain.Reasoning),
            TokensAfter = after,
            Answer = ChainGate.Answer(row, answer, chain).Stated,
            NumbersKept = ChainGate.NumbersKept(row, chain.Reasoning + "\n" + chain.Solution),
        };
        if (_gate.Check(row, answer, chain, before, after) is { } failed) return (evidence with { Verdict = failed.Verdict }, chain, failed.Feedback);
        if (options.MaxAnswerLossIncrease is not { } most) return (evidence, chain, null);
        var (increase, unscored) = await tools.AnswerLossIncreaseAsync(row, chain, answer, cancellationToken).ConfigureAwait(false);
        evidence = evidence with { AnswerLossIncrease = increase };
        if (increase <= most) return (evidence, chain, null);
        return (evidence with { Verdict = unscored?.Code ?? ChainGate.AnswerLessLikely }, chain, "The answer does not follow from it: a deduction is missing.");
    }

    private async ValueTask<(ShortenedRow? Row, string? Dropped, RowError? Error)> FallBackAsync(
        ChainRow row, string answer, double? rate, int before, string verdict, CancellationToken cancellationToken)
    {
        if (options.Fallback == ShorteningFallback.Drop || row.Reasoning.Length == 0) return (null, verdict, null);
        var original = new ShortenedRow(new(row.Reasoning, row.Solution), row.Answer ?? answer, ChainOutcome.Original, rate, options.Retries + 1, before, before);
        if (options.Fallback == ShorteningFallback.KeepOriginal) return (original, null, null);
        var (pruned, error) = await tools.PruneAsync(row, answer, cancellationToken).ConfigureAwait(false);
        return error is not null ? (null, null, error)
            : (original with { Chain = new(pruned!, row.Solution), Outcome = ChainOutcome.Pruned, TokensAfter = tools.CountTokens(pruned!) }, null, null);
    }

    private static double? WordsGone(string before, string after) =>
        ChainTools.CountWords(before) is > 0 and var words ? 1 - ((double)ChainTools.CountWords(after) / words) : null;
}
