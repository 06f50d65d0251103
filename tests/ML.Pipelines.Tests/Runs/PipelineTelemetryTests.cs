using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Tests.Runs;

/// <summary>Traces and metrics of runs. Other tests run beside these, so only what names this run's plan is looked at.</summary>
[TestClass]
[DoNotParallelize]
public sealed class PipelineTelemetryTests : RunTest
{
    [TestMethod]
    public void A_run_is_a_span_with_a_span_a_shard_and_a_span_a_call_below()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        Run();
        var run = spans.Single(span => span.GetTagItem("mlpipelines.plan") is string plan && plan == RunPlan.Read(Output()).Fingerprint);
        var shards = spans.Where(span => span.ParentSpanId == run.SpanId).ToArray();
        Assert.AreSequenceEqual(["part-00000", "part-00001", "part-00002"], shards.Select(span => (string)span.GetTagItem("mlpipelines.shard")!).Order());
        var calls = spans.Where(span => shards.Any(shard => shard.SpanId == span.ParentSpanId)).ToArray();
        // The row with a token out of range was asked about, too, but no further than its tokens.
        Assert.HasCount(Scorer.Requests.Count + 1, calls);
        Assert.IsTrue(calls.All(call => call.OperationName == "score fake" && (string)call.GetTagItem("gen_ai.request.model")! == "fake"));
    }

    [TestMethod]
    public void Rows_calls_tokens_and_journal_hits_are_counted()
    {
        var sums = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == PipelineTelemetry.Name) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument.Name, 1, tags));
        listener.Start();
        Format.Before = (what, path) => Fail(what == "write" && path.Contains("data/part-00002", StringComparison.Ordinal));
        Assert.ThrowsExactly<IOException>(() => Run());
        Format.Before = (_, _) => { };
        var totals = Run();
        Assert.AreEqual(totals.RowsKept, sums["mlpipelines.rows kept"]);
        Assert.AreEqual(totals.Dropped.Values.Sum(), sums["mlpipelines.rows dropped"]);
        Assert.AreEqual(totals.Quarantined.Values.Sum(), sums["mlpipelines.rows quarantined"]);
        Assert.AreEqual(3, sums["mlpipelines.shards "]);
        // The call that ended in an error was made, too.
        Assert.AreEqual(totals.Usage["scorer"].Calls + totals.Quarantined[ErrorCode.TokenOutOfRange], sums["gen_ai.client.operation.duration "]);
        Assert.AreEqual(Manifest.Read(Output())[^1].Usage!["scorer"].Calls, sums["mlpipelines.journal.hits "]);
        Assert.IsTrue(sums.ContainsKey("gen_ai.client.token.usage input"));

        void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var kind = "";
            foreach (var (key, tag) in tags)
                if (key is "mlpipelines.outcome" or "gen_ai.token.type") kind = (string)tag!;
            sums.AddOrUpdate($"{name} {kind}", value, (_, sum) => sum + value);
        }
    }

    private static void Fail(bool now)
    {
        if (now) throw new IOException("No space left on device.");
    }
}
