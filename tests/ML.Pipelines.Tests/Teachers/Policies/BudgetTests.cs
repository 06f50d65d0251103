using ML.Pipelines.Teachers;
using ML.Pipelines.Teachers.Policies;

namespace ML.Pipelines.Tests.Teachers.Policies;

[TestClass]
public sealed class BudgetTests
{
    private readonly JumpingTime _time = new();

    [TestMethod]
    public async Task Answered_calls_are_counted_with_tokens_and_cost()
    {
        var budget = new Budget(new TeacherOptions { InputPricePerMillion = 2, OutputPricePerMillion = 8 }, _time);
        await CallAsync(budget, 1000, 500);
        await CallAsync(budget, 2000, 250);
        Assert.AreEqual(new TeacherUsage(2, 3000, 750, 0.012m), budget.Usage);
    }

    [TestMethod]
    public async Task A_call_that_failed_is_not_counted()
    {
        var budget = new Budget(new TeacherOptions(), _time);
        await Assert.ThrowsExactlyAsync<TeacherFaultException>(async () => await budget.ExecuteAsync<bool>(
            0, _ => throw new TeacherFaultException(TeacherFaultKind.ServerError, "said"), CancellationToken.None));
        Assert.AreEqual(new TeacherUsage(0, 0, 0, 0), budget.Usage);
    }

    [TestMethod]
    public async Task Tokens_that_are_spent_stop_the_next_call()
    {
        var budget = new Budget(new TeacherOptions { MaxTokens = 100 }, _time);
        await CallAsync(budget, 60, 39);
        await CallAsync(budget, 1, 0);
        await StopsAsync(budget, "100 of 100 tokens");
    }

    [TestMethod]
    public async Task Money_that_is_spent_stops_the_next_call()
    {
        var budget = new Budget(new TeacherOptions { MaxCost = 0.5m, InputPricePerMillion = 1 }, _time);
        await CallAsync(budget, 499_999, 7);
        await CallAsync(budget, 1, 7);
        await StopsAsync(budget, "0.5 of 0.5");
    }

    [TestMethod]
    public async Task Time_that_is_over_stops_the_next_call_counted_from_the_first()
    {
        var budget = new Budget(new TeacherOptions { MaxDuration = TimeSpan.FromMinutes(1) }, _time);
        _time.Advance(TimeSpan.FromHours(1));
        await CallAsync(budget, 1, 1);
        _time.Advance(TimeSpan.FromSeconds(59));
        await CallAsync(budget, 1, 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        await StopsAsync(budget, "60 s");
    }

    [TestMethod]
    public async Task The_stop_waits_for_the_calls_under_way()
    {
        var budget = new Budget(new TeacherOptions { MaxTokens = 1 }, _time);
        var end = new TaskCompletionSource<CallResult<bool>>();
        var underWay = budget.ExecuteAsync(0, _ => new ValueTask<CallResult<bool>>(end.Task), CancellationToken.None).AsTask();
        await CallAsync(budget, 1, 0);
        var refused = CallAsync(budget, 1, 0);
        Assert.IsFalse(refused.IsCompleted);
        end.SetResult(new(true, 5, 5));
        await Assert.ThrowsExactlyAsync<BudgetSpentException>(() => refused);
        Assert.IsTrue((await underWay).Value);
    }

    [TestMethod]
    public async Task A_spent_budget_ends_a_run_like_a_cancellation_does()
    {
        var budget = new Budget(new TeacherOptions { MaxTokens = 1 }, _time);
        await CallAsync(budget, 1, 0);
        var stop = await Assert.ThrowsAsync<OperationCanceledException>(() => Task.Run(() => CallAsync(budget, 1, 0)));
        Assert.AreEqual(ErrorCode.TeacherBudget, ((BudgetSpentException)stop).Code);
    }

    private static async Task StopsAsync(Budget budget, string reason)
    {
        var stop = await Assert.ThrowsExactlyAsync<BudgetSpentException>(() => CallAsync(budget, 1, 1));
        Assert.Contains(reason, stop.Message);
    }

    private static async Task CallAsync(Budget budget, long input, long output) =>
        await budget.ExecuteAsync(0, _ => ValueTask.FromResult(new CallResult<bool>(true, input, output)), CancellationToken.None);
}
