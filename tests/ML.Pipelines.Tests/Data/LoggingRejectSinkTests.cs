using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Tests.Data;

[TestClass]
public sealed class LoggingRejectSinkTests
{
    [TestMethod]
    public void Every_row_that_leaves_is_a_warning_in_the_log()
    {
        var ml = new MLContext();
        var log = new List<string>();
        ml.Log += (_, e) => log.Add($"{e.Kind}: {e.RawMessage}");
        var sink = new LoggingRejectSink(ml);
        sink.Dropped(new RejectedRow("prune", "row {1}", default), "too-short");
        sink.Quarantined(new RejectedRow("load", "a.jsonl:7", default), new RowError(ErrorCode.InvalidJson, "cut"));
        CollectionAssert.AreEqual(
            new[]
            {
                "Warning: prune: row row {1} dropped: too-short",
                "Warning: load: row a.jsonl:7 quarantined: input.invalid-json: cut",
            },
            log.Where(line => line.StartsWith("Warning", StringComparison.Ordinal)).ToArray());
    }
}
