using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Runs;

/// <summary>What a run runs.</summary>
public sealed record RunDefinition
{
    /// <summary>The options that count for the fingerprint, in order.</summary>
    public required IReadOnlyList<PlanOption> Options { get; init; }

    /// <summary>The job to keep in the plan; may be null.</summary>
    public JsonElement? Job { get; init; }

    /// <summary>The input rows.</summary>
    public required RecordDataView Source { get; init; }

    /// <summary>The files behind <see cref="Source"/>, in order.</summary>
    public required IReadOnlyList<string> InputFiles { get; init; }

    /// <summary>The chain of estimators; its catalog and loaders hand rejects to <see cref="PipelineRun.Rejects"/>.</summary>
    public required IEstimator<ITransformer> Chain { get; init; }

    /// <summary>The fingerprints of the models by name.</summary>
    public required IReadOnlyDictionary<string, string> Models { get; init; }

    /// <summary>The output folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The format of the shards.</summary>
    public required IShardFormat Format { get; init; }

    /// <summary>Source rows a shard, at least 1.</summary>
    public int ShardRows { get; init; } = 1000;

    /// <summary>The column of row ids after the chain.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>The column of steps after the chain, which becomes evidence instead of data; null where there is none.</summary>
    public string? StepsColumn { get; init; }

    /// <summary>The first data columns in order; the others ride along after them.</summary>
    public IReadOnlyList<string> ColumnOrder { get; init; } = [];
}

/// <summary>One run: fit, then shard by shard transform, write, verify, seal.</summary>
public sealed class PipelineRun
{
    private readonly ShardLedger _ledger = new();
    private readonly IRunProgress? _progress;
    private readonly Func<long> _tokensScored;
    private readonly CancellationToken _cancellation;

    /// <summary>Creates a run.</summary>
    /// <param name="progress">Is told how far it is; may be null.</param>
    /// <param name="tokensScored">The tokens that models have read so far, for progress; may be null.</param>
    /// <param name="cancellationToken">Stops the run between rows; sealed shards stay.</param>
    public PipelineRun(IRunProgress? progress = null, Func<long>? tokensScored = null, CancellationToken cancellationToken = default) =>
        (_progress, _tokensScored, _cancellation) = (progress, tokensScored ?? (() => 0), cancellationToken);

    /// <summary>Where loaders and stages of this run report rows that leave.</summary>
    public IRejectSink Rejects => _ledger;

    /// <summary>The version that goes into plans and footers.</summary>
    public static string Version { get; } =
        typeof(PipelineRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Runs, or continues a run of the same plan that was stopped.</summary>
    /// <returns>The totals of all shards, those sealed earlier included.</returns>
    /// <exception cref="PipelineException">A bad input, output or invariant.</exception>
    public RunTotals Execute(RunDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        // Fitted to no rows, the chain finds missing and mistyped columns before anything is written.
        definition.Chain.Fit(definition.Source.Slice(0, 0));
        var draft = Draft(definition);
        var folder = new RunFolder(definition.Folder);
        folder.Check(draft);
        using var locked = folder.Lock();
        var transformer = definition.Chain.Fit(definition.Source);
        var plan = draft with { Columns = PlanColumns(definition, transformer.GetOutputSchema(definition.Source.Schema)) };
        folder.Prepare(plan);
        var sealer = new ShardSealer(folder, plan, definition.Format);
        var done = Manifest.Read(folder.Path).ToDictionary(entry => entry.Shard, StringComparer.Ordinal);
        var totals = RunTotals.Zero;
        foreach (var (shard, index) in plan.Shards.Select((shard, index) => (shard, index)))
            totals = totals.Add(done.TryGetValue(shard.Name, out var entry)
                ? ShardTotals.OfSealed(entry, folder, definition.Format, hasEvidence: definition.StepsColumn is not null)
                : RunShard(definition, transformer, plan, sealer, shard, index));
        Report(plan, plan.Rows, plan.Shards.Count);
        return totals;
    }

    private RunTotals RunShard(
        RunDefinition definition, ITransformer transformer, RunPlan plan, ShardSealer sealer, PlanShard shard, int index)
    {
        _cancellation.ThrowIfCancellationRequested();
        var slice = definition.Source.Slice(shard.FirstRow, shard.Rows);
        _ledger.Begin();
        long rowsDone = 0;
        void Advance() => Report(plan, shard.FirstRow + Interlocked.Increment(ref rowsDone), index);
        _ledger.Left = _ => Advance();
        var rows = new BufferedDataView(transformer.Transform(slice), _ =>
        {
            _cancellation.ThrowIfCancellationRequested();
            Advance();
        });
        _ledger.AddRawRows(slice);
        var evidence = definition.StepsColumn is { } steps ? StepEvidence.Read(rows, definition.IdColumn, steps) : null;
        var totals = ShardTotals.Of(shard, rows, _ledger, evidence);
        var data = rows.Select(DataColumns(rows.Schema, definition));
        sealer.Seal(shard, data, evidence is null ? null : StepEvidence.ToDataView(evidence), _ledger.Quarantined, totals, _cancellation);
        return totals;
    }

    /// <summary>The plan without its columns, which are known after Fit.</summary>
    private static RunPlan Draft(RunDefinition definition)
    {
        var inputs = definition.InputFiles.Select(PlanInput.Of).ToArray();
        return new()
        {
            Version = Version,
            Fingerprint = RunPlan.ComputeFingerprint(Version, definition.Options, inputs, definition.Models),
            Options = definition.Options,
            Job = definition.Job,
            Inputs = inputs,
            Models = definition.Models,
            Shards = RunPlan.Divide(definition.Source.SourceRowCount, definition.ShardRows),
            Columns = [],
            IdColumn = definition.IdColumn,
        };
    }

    private static IReadOnlyList<PlanColumn> PlanColumns(RunDefinition definition, DataViewSchema schema)
    {
        if (definition.StepsColumn is not null) Columns.Get(schema, definition.IdColumn, "idColumn");
        return [.. DataColumns(schema, definition).Where(column => !Nulls.IsCompanion(column))
            .Select(column => new PlanColumn(column.Name, column.Type.ToString()!))];
    }

    private static IReadOnlyList<DataViewSchema.Column> DataColumns(DataViewSchema schema, RunDefinition definition)
    {
        var visible = schema.Where(column => !column.IsHidden && column.Name != definition.StepsColumn).ToArray();
        return [.. visible.OrderBy(column => Order(definition.ColumnOrder, column.Name)).ThenBy(column => column.Index)];
    }

    private static int Order(IReadOnlyList<string> order, string name)
    {
        for (var i = 0; i < order.Count; i++)
            if (order[i] == name) return i;
        return order.Count;
    }

    private void Report(RunPlan plan, long rowsDone, int shardsDone) =>
        _progress?.Report(new RunProgressSnapshot(rowsDone, plan.Rows, _tokensScored(), shardsDone, plan.Shards.Count));
}
