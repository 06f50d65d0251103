using System.Diagnostics;
using System.Diagnostics.Metrics;
using ML.Pipelines.Models;

namespace ML.Pipelines.Runs;

/// <summary>What runs tell tracing and metrics; names after OpenTelemetry's semantic conventions for generative AI where they have one.</summary>
/// <remarks>Costs next to nothing while nobody listens. No text of a row, prompt or reply is ever in it.</remarks>
public static class PipelineTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "ML.Pipelines";

    private static readonly ActivitySource Activities = new(Name, PipelineRun.Version);
    private static readonly Meter Meter = new(Name, PipelineRun.Version);

    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("mlpipelines.rows", "{row}", "Source rows of sealed shards by outcome.");
    private static readonly Counter<long> Shards = Meter.CreateCounter<long>("mlpipelines.shards", "{shard}", "Sealed shards.");
    private static readonly Counter<long> JournalHits =
        Meter.CreateCounter<long>("mlpipelines.journal.hits", "{call}", "Calls that a journal answered instead of a model.");
    private static readonly Counter<long> CallRetries =
        Meter.CreateCounter<long>("mlpipelines.calls.retries", "{call}", "Calls of a model that are made again.");
    private static readonly UpDownCounter<long> CallsQueued =
        Meter.CreateUpDownCounter<long>("mlpipelines.calls.queued", "{call}", "Calls of a model that wait for their turn.");
    private static readonly Histogram<double> CallDuration =
        Meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Time of a call of a model.");
    private static readonly Histogram<long> Tokens =
        Meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of a call of a model.");

    internal static Activity? StartRun(RunPlan plan, RunSlice slice) => Activities.StartActivity("mlpipelines.run")?
        .SetTag("mlpipelines.plan", plan.Fingerprint).SetTag("mlpipelines.slice", slice.ToString());

    internal static Activity? StartShard(PlanShard shard) => Activities.StartActivity("mlpipelines.shard")?
        .SetTag("mlpipelines.shard", shard.Name).SetTag("mlpipelines.rows", shard.Rows);

    internal static void Sealed(RunTotals shard)
    {
        Shards.Add(1);
        Rows.Add(shard.RowsKept, Outcome("kept"));
        Rows.Add(shard.Dropped.Values.Sum(), Outcome("dropped"));
        Rows.Add(shard.Quarantined.Values.Sum(), Outcome("quarantined"));
    }

    internal static void JournalHit(string stage) => JournalHits.Add(1, new KeyValuePair<string, object?>("mlpipelines.stage", stage));

    /// <summary>A call of a model, from its start to its disposal.</summary>
    internal static ModelCall StartCall(string operation, ScorerInfo model) => StartCall(operation, model.Name);

    /// <summary>A call of a model, from its start to its disposal.</summary>
    internal static ModelCall StartCall(string operation, string model) => new(operation, model);

    internal static void Retried(string error) => CallRetries.Add(1, new KeyValuePair<string, object?>("error.type", error));

    /// <summary>A call that waits for its turn, until it is disposed.</summary>
    internal static QueuedCall Queued(string model) => new(new("gen_ai.request.model", model));

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("mlpipelines.outcome", outcome);

    /// <summary>A call that waits.</summary>
    internal readonly struct QueuedCall : IDisposable
    {
        private readonly KeyValuePair<string, object?> _model;

        public QueuedCall(KeyValuePair<string, object?> model)
        {
            _model = model;
            CallsQueued.Add(1, model);
        }

        public void Dispose() => CallsQueued.Add(-1, _model);
    }

    /// <summary>A call of a model under way.</summary>
    internal sealed class ModelCall : IDisposable
    {
        private readonly TagList _tags;
        private readonly long _start = TimeProvider.System.GetTimestamp();
        private readonly Activity? _activity;
        private string? _error = "cancelled";

        public ModelCall(string operation, string model)
        {
            _tags = new() { { "gen_ai.operation.name", operation }, { "gen_ai.request.model", model } };
            _activity = Activities.StartActivity($"{operation} {model}", ActivityKind.Client, default(ActivityContext), _tags);
        }

        /// <summary>The call was answered, with an error's code or none.</summary>
        public void Answered(long inputTokens, long outputTokens, string? error)
        {
            _error = error;
            if (error is not null) return;
            _activity?.SetTag("gen_ai.usage.input_tokens", inputTokens).SetTag("gen_ai.usage.output_tokens", outputTokens);
            Tokens.Record(inputTokens, With("gen_ai.token.type", "input"));
            if (outputTokens > 0) Tokens.Record(outputTokens, With("gen_ai.token.type", "output"));
        }

        public void Dispose()
        {
            CallDuration.Record(TimeProvider.System.GetElapsedTime(_start).TotalSeconds, _error is { } code ? With("error.type", code) : _tags);
            if (_error is { } error) _activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error);
            _activity?.Dispose();
        }

        private TagList With(string name, string value)
        {
            var tags = _tags;
            tags.Add(name, value);
            return tags;
        }
    }
}
