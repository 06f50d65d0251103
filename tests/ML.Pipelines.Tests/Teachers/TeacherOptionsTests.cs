using ML.Pipelines.Teachers;

namespace ML.Pipelines.Tests.Teachers;

[TestClass]
public sealed class TeacherOptionsTests
{
    [TestMethod]
    public void The_defaults_are_valid() => new TeacherOptions().Validate();

    [TestMethod]
    public void An_option_out_of_range_is_refused_by_name()
    {
        var valid = new TeacherOptions();
        (string Name, TeacherOptions Options)[] wrong =
        [
            (nameof(TeacherOptions.RequestTimeout), valid with { RequestTimeout = TimeSpan.Zero }),
            (nameof(TeacherOptions.MaxAttempts), valid with { MaxAttempts = 0 }),
            (nameof(TeacherOptions.FirstDelay), valid with { FirstDelay = TimeSpan.FromSeconds(-1) }),
            (nameof(TeacherOptions.LongestDelay), valid with { LongestDelay = TimeSpan.FromMilliseconds(1) }),
            (nameof(TeacherOptions.Patience), valid with { Patience = TimeSpan.FromDays(2) }),
            (nameof(TeacherOptions.InitialConcurrency), valid with { InitialConcurrency = 0 }),
            (nameof(TeacherOptions.MinimumConcurrency), valid with { MinimumConcurrency = 65 }),
            (nameof(TeacherOptions.MaximumConcurrency), valid with { MaximumConcurrency = 5000 }),
            (nameof(TeacherOptions.BreakerFailureRatio), valid with { BreakerFailureRatio = 0 }),
            (nameof(TeacherOptions.BreakerMinimumCalls), valid with { BreakerMinimumCalls = 1 }),
            (nameof(TeacherOptions.BreakerWindow), valid with { BreakerWindow = TimeSpan.Zero }),
            (nameof(TeacherOptions.BreakDuration), valid with { BreakDuration = TimeSpan.Zero }),
            (nameof(TeacherOptions.RequestsPerMinute), valid with { RequestsPerMinute = 0 }),
            (nameof(TeacherOptions.TokensPerMinute), valid with { TokensPerMinute = 0 }),
            (nameof(TeacherOptions.MaxTokens), valid with { MaxTokens = 0 }),
            (nameof(TeacherOptions.MaxCost), valid with { MaxCost = 0 }),
            (nameof(TeacherOptions.MaxCost), valid with { MaxCost = 1 }),
            (nameof(TeacherOptions.InputPricePerMillion), valid with { InputPricePerMillion = -1 }),
            (nameof(TeacherOptions.OutputPricePerMillion), valid with { OutputPricePerMillion = -1 }),
            (nameof(TeacherOptions.MaxDuration), valid with { MaxDuration = TimeSpan.Zero }),
        ];
        foreach (var (name, options) in wrong)
        {
            var fault = Assert.ThrowsExactly<PipelineException>(options.Validate);
            Assert.AreEqual(ErrorCode.Configuration, fault.Code);
            Assert.StartsWith(name, fault.Message);
        }
        var properties = typeof(TeacherOptions).GetProperties(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance)
            .Where(property => property.PropertyType != typeof(Action<string>)).Select(property => property.Name);
        Assert.AreSequenceEqual(properties.Order(), wrong.Select(entry => entry.Name).Distinct().Order());
    }
}
