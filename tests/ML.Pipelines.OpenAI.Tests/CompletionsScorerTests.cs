using ML.Pipelines.Compression;
using ML.Pipelines.Models;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Tests.Scoring;
using ML.Pipelines.Pruning;
using ML.Pipelines.Teachers;
using ML.Pipelines.Testing;

namespace ML.Pipelines.OpenAI.Tests;

/// <summary>The scorer over a server against the scorer in this process, both with the bundled model.</summary>
[TestClass]
[DoNotParallelize]
public sealed class CompletionsScorerTests : TeacherTest
{
    private const double Tolerance = 1e-3;
    private const string Context = "Question: How many eggs?\n\n<think>\n";
    private const string Text = "She sells 16 - 3 = 13 eggs a day, naïve 🦆 as she is.";

    private static OnnxLanguageScorer _model = null!;
    private CompletionsScorer? _scorer;

    [ClassInitialize]
    public static void Load(TestContext context) =>
        _model = OnnxLanguageScorer.CreateBundled(new() { IntraOpThreads = 1, Spinning = false });

    [ClassCleanup]
    public static void Free() => _model.Dispose();

    [TestCleanup]
    public void DisposeScorer() => _scorer?.Dispose();

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public async Task Scores_over_a_server_are_those_of_the_model_in_this_process(int generated)
    {
        var server = await StartAsync(Script() with
        {
            Score = prompt =>
            [.. Score(prompt), .. Enumerable.Repeat(("!", (double?)-3.0), generated)]
        });
        _scorer = Scorer(server, options => options with { GeneratedTokens = generated });
        var worst = 0.0;
        for (var seed = 0; seed < 10; seed++)
        {
            var request = RandomRequests.Create(seed);
            var (remote, local) = (await _scorer.LeaveOneOutAsync(request, Token), await _model.LeaveOneOutAsync(request, Token));
            Assert.AreSequenceEqual(local.SegmentTokens, remote.SegmentTokens);
            worst = Math.Max(worst, Difference(local.Full, remote.Full));
            Assert.HasCount(local.Without.Count, remote.Without);
            for (var i = 0; i < local.Without.Count; i++) worst = Math.Max(worst, Difference(local.Without[i], remote.Without[i]));
        }
        TestContext.WriteLine($"largest difference {worst:E2} nats");
        Assert.IsLessThan(Tolerance, worst);
    }

    [TestMethod]
    public async Task Scores_come_through_a_storm_unchanged()
    {
        var storm = new FakeStorm { Seed = 3, Throttled = 0.3, ServerErrors = 0.1, Truncated = 0.05, Garbage = 0.05 };
        var server = await StartAsync(Script() with { Fault = storm.Of });
        _scorer = Scorer(server, calls: Fast with { MaxAttempts = 20 });
        var request = RandomRequests.Create(5);
        var (remote, local) = (await _scorer.LeaveOneOutAsync(request, Token), await _model.LeaveOneOutAsync(request, Token));
        Assert.IsLessThan(Tolerance, Difference(local.Full, remote.Full));
        Assert.AreEqual(1 + request.LeaveOut.Count, server.SuccessfulCalls);
    }

    [TestMethod]
    public async Task Without_a_tokenizer_text_is_sent_and_the_continuation_found_from_its_end()
    {
        var server = await StartAsync(new()
        {
            // A token a character, each worth its place, after a token of the server's own.
            Score = prompt => [("<s>", null), .. prompt.Text!.EnumerateRunes().Select((rune, i) => (rune.ToString(), (double?)-(i + 1)))],
        });
        _scorer = Scorer(server, options => options with { Tokenizer = null, BeginOfText = null });
        var request = new LeaveOneOutRequest { Prefix = "ab", Segments = ["cd", "e"], Suffix = "", Continuation = "x😀", LeaveOut = [0] };
        var result = await _scorer.LeaveOneOutAsync(request, Token);
        Assert.AreSequenceEqual([-6.0, -7.0], result.Full);
        Assert.AreSequenceEqual([-4.0, -5.0], result.Without[0]);
        Assert.AreSequenceEqual(["\"abcdex\\uD83D\\uDE00\"", "\"abex\\uD83D\\uDE00\""],
            server.Requests.Select(request => request.Row).Order(StringComparer.Ordinal));
    }

    [TestMethod]
    public async Task Scores_of_texts_over_a_server_are_those_of_the_model_in_this_process()
    {
        var server = await StartAsync(Script());
        _scorer = Scorer(server);
        var (remote, local) = (await _scorer.ScoreTextAsync(Context, Text, Token), await _model.ScoreTextAsync(Context, Text, Token));
        Assert.AreSequenceEqual(local.Tokens.Select(token => token.Span), remote.Tokens.Select(token => token.Span));
        Assert.IsLessThan(Tolerance, Difference([.. local.Tokens.Select(token => token.LogProbability)], [.. remote.Tokens.Select(token => token.LogProbability)]));
        Assert.AreEqual(1, server.Calls);
    }

    [TestMethod]
    public async Task A_text_that_does_not_fit_is_an_overflow_without_a_call()
    {
        var server = await StartAsync(Script());
        _scorer = Scorer(server, options => options with { ContextLength = 10 });
        Assert.AreEqual(10, (await _scorer.ScoreTextAsync(Context, Text, Token)).Overflow!.ContextLength);
        Assert.AreEqual(0, server.Calls);
    }

    [TestMethod]
    public async Task A_text_without_tokens_is_no_call_and_one_that_nothing_precedes_a_wrong_argument()
    {
        var server = await StartAsync(Script());
        _scorer = Scorer(server, options => options with { BeginOfText = null });
        Assert.IsEmpty((await _scorer.ScoreTextAsync(Context, "", Token)).Tokens);
        await Assert.ThrowsExactlyAsync<ArgumentException>(async () => await _scorer.ScoreTextAsync("", Text, Token));
        Assert.AreEqual(0, server.Calls);
    }

    [TestMethod]
    public async Task Without_a_tokenizer_texts_are_not_scored_token_by_token()
    {
        _scorer = Scorer(await StartAsync(Script()), options => options with { Tokenizer = null, BeginOfText = null });
        var fault = await Assert.ThrowsExactlyAsync<PipelineException>(async () => await _scorer.ScoreTextAsync(Context, Text, Token));
        Assert.AreEqual(ErrorCode.Configuration, fault.Code);
    }

    [TestMethod]
    public async Task Words_on_a_server_that_fails_every_time_are_an_error_of_their_row()
    {
        var server = await StartAsync(Script() with { Fault = _ => FakeFault.Error(500, "server_error", "oops") });
        _scorer = Scorer(server);
        var words = new LanguageWordScorer(_scorer, _scorer);
        var scores = await words.ScoreWordsAsync(new("row", Context, Text, ProtectedWords.Of(Text), "", null, 8), Token);
        Assert.AreEqual(ErrorCode.TeacherServerError, scores.Error!.Code);
        Assert.AreEqual(ErrorCode.TeacherServerError, (await words.ScoreAnswerAsync(new("row", Context, Text, "", "13"), Token)).Error!.Code);
    }

    [TestMethod]
    public async Task A_chain_that_does_not_fit_is_an_overflow_without_a_call()
    {
        var server = await StartAsync(Script());
        _scorer = Scorer(server, options => options with { ContextLength = 10 });
        var result = await _scorer.LeaveOneOutAsync(RandomRequests.Create(1), Token);
        Assert.AreEqual(10, result.Overflow!.ContextLength);
        Assert.AreEqual(0, server.Calls);
    }

    [TestMethod]
    public async Task An_overflow_that_only_the_server_knows_is_an_overflow()
    {
        var server = await StartAsync(Script() with { Fault = _ => FakeFault.Error(400, "context_length_exceeded", "Too long.") });
        _scorer = Scorer(server);
        Assert.IsNotNull((await _scorer.LeaveOneOutAsync(RandomRequests.Create(1), Token)).Overflow);
    }

    [TestMethod]
    public async Task A_server_that_counts_other_tokens_ends_the_run()
    {
        var server = await StartAsync(Script() with { Score = prompt => [.. Score(prompt).Skip(1)] });
        _scorer = Scorer(server);
        Assert.AreEqual(ErrorCode.TokenizerMismatch, (await FaultOfScorer()).Code);
    }

    [TestMethod]
    public async Task A_score_that_is_no_number_is_a_fault_of_its_request()
    {
        var server = await StartAsync(Script() with { Score = prompt => [.. Score(prompt).Select(token => (token.Token, (double?)null))] });
        _scorer = Scorer(server);
        Assert.AreEqual(ErrorCode.NotFinite, (await FaultOfScorer()).Code);
    }

    [TestMethod]
    public async Task A_server_without_completions_ends_the_run()
    {
        var server = await StartAsync();
        _scorer = Scorer(server);
        Assert.AreEqual(ErrorCode.TeacherUnknownEndpoint, (await FaultOfScorer()).Code);
    }

    [TestMethod]
    public async Task A_server_that_does_not_echo_ends_the_run()
    {
        var server = await StartAsync(Script() with { Fault = _ => new FakeFault.Garbage("""{"choices":[{"index":0,"text":"x","logprobs":null}]}""") });
        _scorer = Scorer(server);
        Assert.AreEqual(ErrorCode.TeacherUnknownEndpoint, (await FaultOfScorer()).Code);
    }

    [TestMethod]
    public async Task A_server_that_fails_every_time_is_an_error_of_the_row_that_is_scored()
    {
        var server = await StartAsync(Script() with { Fault = _ => FakeFault.Error(500, "server_error", "oops") });
        _scorer = Scorer(server);
        var request = new StepScoringRequest("row", "What is 6 times 7?", "Six times seven. It is 42.", [new(0, 16), new(16, 26)], 2,
            "", "42", [0]);
        var scores = await new LanguageStepScorer(_scorer).ScoreAsync(request, Token);
        Assert.AreEqual(ErrorCode.TeacherServerError, scores.Error!.Code);
    }

    [TestMethod]
    public async Task A_wrong_request_is_an_argument_exception()
    {
        _scorer = Scorer(await StartAsync(Script()), options => options with { BeginOfText = null });
        var request = RandomRequests.Create(1);
        foreach (var wrong in (LeaveOneOutRequest[])[request with { Continuation = "" }, request with { LeaveOut = [6] },
            request with { LeaveOut = [2, 1] },
            new() { Prefix = "", Segments = ["One."], Suffix = "", Continuation = "4", LeaveOut = [0] }])
            await Assert.ThrowsExactlyAsync<ArgumentException>(async () => await _scorer.LeaveOneOutAsync(wrong, Token));
    }

    private static double Difference(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        Assert.HasCount(a.Count, b);
        return a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
    }

    private async Task<PipelineException> FaultOfScorer() =>
        await Assert.ThrowsExactlyAsync<PipelineException>(async () => await _scorer!.LeaveOneOutAsync(RandomRequests.Create(1), Token));

    private static FakeTeacherScript Script() => new() { Score = Score };

    private static CompletionsScorer Scorer(
        FakeTeacherServer server, Func<CompletionsScorerOptions, CompletionsScorerOptions>? change = null, TeacherOptions? calls = null)
    {
        var options = new CompletionsScorerOptions
        {
            ContextLength = _model.Info.ContextLength,
            Tokenizer = _model.Tokenizer,
            BeginOfText = _model.BeginOfText is { } id ? _model.Tokenizer.Decode([id]) : null,
        };
        return new(At(server), change?.Invoke(options) ?? options, calls ?? Fast);
    }

    private static IReadOnlyList<(string Token, double? LogProbability)> Score(FakePrompt prompt)
    {
        var ids = prompt.Ids!;
        var scores = _model.LogProbabilities(ids, ids.Count - 1);
        return [.. ids.Select((id, i) => (_model.Tokenizer.Decode([id]), i == 0 ? (double?)null : scores[i - 1]))];
    }
}
