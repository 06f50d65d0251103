using System.Reflection;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Tests.Teachers;

[TestClass]
public sealed class FaultRuleTests
{
    [TestMethod]
    public void Every_kind_of_fault_has_a_rule_with_a_code_of_the_table()
    {
        var codes = typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field =>
            (string)field.GetRawConstantValue()!).ToArray();
        foreach (var kind in Enum.GetValues<TeacherFaultKind>()) Assert.Contains(FaultRule.Of(kind).Code, codes);
    }

    [TestMethod]
    public void What_says_nothing_about_a_row_never_sends_one_to_quarantine()
    {
        foreach (var rule in Enum.GetValues<TeacherFaultKind>().Select(FaultRule.Of).Where(rule => rule.Retry == FaultRetry.Patience))
            Assert.IsTrue(rule.StopsRun, rule.Code);
    }

    [TestMethod]
    public void Only_what_is_made_again_slows_calls_down_or_opens_the_breaker()
    {
        foreach (var rule in Enum.GetValues<TeacherFaultKind>().Select(FaultRule.Of).Where(rule => rule.Retry == FaultRetry.Never))
            Assert.IsFalse(rule.LowersConcurrency || rule.CountsForBreaker, rule.Code);
    }

    [TestMethod]
    public void The_table_in_the_documentation_is_this_one()
    {
        var lines = File.ReadAllLines(Path.Combine(Traces.Repository.Root, "docs", "teachers.md"));
        foreach (var kind in Enum.GetValues<TeacherFaultKind>())
        {
            var rule = FaultRule.Of(kind);
            var retry = rule.Retry switch { FaultRetry.Never => "no", FaultRetry.Attempts => "tries", _ => "patience" };
            var end = rule.StopsRun ? "run stops" : "row to quarantine";
            var line = lines.SingleOrDefault(line => line.StartsWith($"| {kind} |", StringComparison.Ordinal));
            Assert.IsNotNull(line, $"{kind} is missing.");
            Assert.EndsWith($"| {retry} | {YesNo(rule.LowersConcurrency)} | {YesNo(rule.CountsForBreaker)} | {end} | `{rule.Code}` |", line);
        }
    }

    private static string YesNo(bool value) => value ? "yes" : "no";
}
