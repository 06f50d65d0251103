using Microsoft.Extensions.AI;
using ML.Pipelines.Pruning;
using ML.Pipelines.Runs;
using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;
using ML.Pipelines.Tests.Runs;

namespace ML.Pipelines.Tests.Teachers;

/// <summary>Runs whose stage asks a teacher.</summary>
[TestClass]
public sealed class TeacherRunTests : RunTest
{
    // As the scripted client tells usage.
    private const int TokensPerCall = 15;

    private int _answered;

    [TestMethod]
    public void A_run_that_its_budget_stops_again_and_again_pays_for_each_reply_once()
    {
        var whole = RunWith(new TeacherOptions(), "whole");
        var needed = _answered;
        Assert.IsGreaterThan(4, needed);
        _answered = 0;
        RunTotals? ended = null;
        var lives = 0;
        for (; ended is null && lives <= needed; lives++) ended =
            RunOrStop(new TeacherOptions { MaxTokens = 2 * TokensPerCall, InitialConcurrency = 2, MaximumConcurrency = 2 });
        AssertSame(whole, ended!);
        AssertSame(Files("whole"), Files());
        Assert.AreEqual(needed, _answered);
        Assert.IsGreaterThan(1, lives);
    }

    [TestMethod]
    public void A_wrong_key_ends_the_run_and_no_row_is_lost_to_quarantine()
    {
        var fault = Assert.ThrowsExactly<PipelineException>(() => RunWith(new TeacherOptions(), "out",
            _ => throw new TeacherFaultException(TeacherFaultKind.Unauthorized, "The server refuses the key.")));
        Assert.AreEqual(ErrorCode.TeacherUnauthorized, fault.Code);
        Assert.IsEmpty(Manifest.Read(Output()));
        Assert.AreEqual(RunWith(new TeacherOptions(), "out").RowsKept, RunWith(new TeacherOptions(), "whole").RowsKept);
    }

    private RunTotals? RunOrStop(TeacherOptions options)
    {
        try
        {
            return RunWith(options, "out");
        }
        catch (BudgetSpentException)
        {
            return null;
        }
    }

    private RunTotals RunWith(TeacherOptions options, string output, Func<IReadOnlyList<ChatMessage>, ChatResponse>? answer = null)
    {
        var run = new PipelineRun();
        using var teacher = Teacher.OnServer(new ScriptedChatClient(answer ?? Answer), TeacherInfo.Remote("m"), options, run.Journal);
        return run.Execute(Define(run, output, new() { Ratio = 0.5 }, new TeacherScorer(teacher)));
    }

    private ChatResponse Answer(IReadOnlyList<ChatMessage> messages)
    {
        Interlocked.Increment(ref _answered);
        return ScriptedChatClient.Reply($"{messages[0].Text.Length}");
    }

    /// <summary>Takes the importance of all steps from a teacher's reply.</summary>
    private sealed class TeacherScorer(Teacher teacher) : IStepScorer
    {
        public async ValueTask<StepScores> ScoreAsync(StepScoringRequest request, CancellationToken cancellationToken)
        {
            var call = new TeacherCall { RowId = request.RowId, Stage = "grade", Messages = [new(ChatRole.User, request.Reasoning)] };
            var reply = await teacher.AskAsync(call, cancellationToken);
            if (reply.Error is { } error) return StepScores.Failed(error);
            var importance = double.Parse(reply.Text!, System.Globalization.CultureInfo.InvariantCulture);
            return new([.. request.Steps.Select(_ => 1)],
                [.. request.Steps.Select((_, i) => request.Candidates.Contains(i) ? importance + i : (double?)null)]);
        }
    }
}
