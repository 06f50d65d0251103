using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ML.Pipelines.Runs;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Tests.Teachers;

/// <summary>Traces and metrics of calls. Other tests run beside these, so only what names this test's model or code is looked at.</summary>
[TestClass]
[DoNotParallelize]
public sealed class TeacherTelemetryTests
{
    private const string Model = "telemetry-model";

    [TestMethod]
    public async Task Each_request_is_a_span_and_each_further_one_a_retry()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("gen_ai.request.model") is Model) spans.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var retries = 0L;
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "mlpipelines.calls.retries") self.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref retries, value));
        meters.Start();
        var calls = 0;
        var client = new ScriptedChatClient(_ => ++calls < 3 ? throw new TeacherFaultException(TeacherFaultKind.Overloaded, "busy") : ScriptedChatClient.Reply("42"));
        using var teacher = Teacher.OnServer(client, TeacherInfo.Remote(Model), new() { FirstDelay = TimeSpan.Zero, LongestDelay = TimeSpan.Zero });
        await teacher.AskAsync(TeacherTests.Call());
        Assert.AreSequenceEqual(["chat " + Model, "chat " + Model, "chat " + Model], spans.Select(span => span.OperationName));
        Assert.AreSequenceEqual([ErrorCode.TeacherServerError, ErrorCode.TeacherServerError, null], spans.Select(span => (string?)span.GetTagItem("error.type")));
        Assert.AreEqual(11L, spans.Last().GetTagItem("gen_ai.usage.input_tokens"));
        Assert.AreEqual(2, retries);
        foreach (var span in spans) Assert.DoesNotContain("Rewrite.", string.Join(' ', span.TagObjects));
    }
}
