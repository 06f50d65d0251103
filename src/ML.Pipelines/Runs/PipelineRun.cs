using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using ML.Pipelines.Data;
using ML.Pipelines.Runs.Journals;
using ML.Pipelines.Runs.Stores;
using ML.Pipelines.Stages;

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

    /// <summary>The chain of estimators; its catalog is <c>mlContext.TrainingSets(run)</c>, its loaders hand rejects to <see cref="PipelineRun.Rejects"/>.</summary>
    public required IEstimator<ITransformer> Chain { get; init; }

    /// <summary>The fingerprints of the models by name.</summary>
    public required IReadOnlyDictionary<string, string> Models { get; init; }

    /// <summary>Where the output goes, for example a <see cref="LocalRunStore"/>.</summary>
    public required IRunStore Store { get; init; }

    /// <summary>The shards that this process works on; the others are other processes'.</summary>
    public RunSlice Slice { get; init; } = RunSlice.Whole;

    /// <summary>The format of the shards.</summary>
    public required IShardFormat Format { get; init; }

    /// <summary>The most source rows a shard, at least 1.</summary>
    public int ShardRows { get; init; } = 1000;

    /// <summary>The most bytes of source rows a shard, at least 1, so that a shard fits in memory; a single row may have more.</summary>
    public long ShardBytes { get; init; } = DefaultShardBytes;

    /// <summary>64 MiB.</summary>
    public const int DefaultShardBytes = 64 * 1024 * 1024;

    /// <summary>What the chain would ask of models for some rows, by model name, without asking them; null: the plan has no estimate.</summary>
    public Func<RecordDataView, IReadOnlyDictionary<string, ModelUsage>>? Measure { get; init; }

    /// <summary>The most trainings that the chain's Fit makes; null: it makes none, so that a plan is cheap to fix before the run.</summary>
    public int? MostTrainings { get; init; }

    /// <summary>The prices of models by name, where they are known.</summary>
    public IReadOnlyDictionary<string, ModelPrice> Prices { get; init; } = new Dictionary<string, ModelPrice>();

    /// <summary>The column of row ids after the chain.</summary>
    public string IdColumn { get; init; } = "id";

    /// <summary>The column of steps after the chain, which becomes evidence instead of data; null where there is none.</summary>
    public string? StepsColumn { get; init; }

    /// <summary>The first data columns in order; the others ride along after them.</summary>
    public IReadOnlyList<string> ColumnOrder { get; init; } = [];
}

/// <summary>One run: fit, then shard by shard transform, write, verify, seal.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The journal is closed at the end of each call; the source has a timer only once stopped.")]
public sealed class PipelineRun
{
    /// <summary>How long a stopped run waits for calls in flight: schedulers commonly kill 30 seconds after they ask.</summary>
    private static readonly TimeSpan CallGrace = TimeSpan.FromSeconds(20);

    private readonly ShardLedger _ledger = new();
    private readonly RunJournal _journal = new();
    private readonly IRunProgress? _progress;
    private readonly Func<long> _tokensScored;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _abort = new();

    /// <summary>Creates a run.</summary>
    /// <param name="progress">Is told how far it is; may be null.</param>
    /// <param name="tokensScored">The tokens that models have read so far, for progress; may be null.</param>
    /// <param name="cancellationToken">Stops the run: it takes no more rows, waits a short while for the calls in flight, whose replies are
    /// kept, and seals the shard in work if that has all its rows. Sealed shards and paid replies stay.</param>
    public PipelineRun(IRunProgress? progress = null, Func<long>? tokensScored = null, CancellationToken cancellationToken = default)
    {
        (_progress, _tokensScored, _cancellation) = (progress, tokensScored ?? (() => 0), cancellationToken);
        Stages = new StageContext(_ledger, new FittedParameters(), cancellationToken) { CallToken = _abort.Token, Attempted = _ledger.Attempted };
    }

    /// <summary>Where loaders and stages of this run report rows that leave.</summary>
    public IRejectSink Rejects => _ledger;

    /// <summary>Where callers of models keep replies, so that a run that is continued pays for none again.</summary>
    public IReplyJournal Journal => _journal;

    /// <summary>What the run gives to its stages.</summary>
    internal StageContext Stages { get; }

    /// <summary>The version that goes into plans and footers.</summary>
    public static string Version { get; } =
        typeof(PipelineRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Fixes what a run will do, or finds it fixed: nothing is transformed, but Fit may ask models. Where Fit trains models, the
    /// run itself fixes its plan; this tells what is known before.</summary>
    /// <returns>The plan in the store, or where Fit trains and there is none yet, a plan that is not stored and has nothing fitted.</returns>
    /// <exception cref="PipelineException">A bad input or output.</exception>
    public RunPlan Plan(RunDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Guarded(() =>
        {
            var (folder, draft) = (new RunFolder(definition.Store), Draft(definition));
            return definition.MostTrainings is null || folder.Check(draft) is not null
                ? Plan(definition, folder, draft).Plan
                : Complete(definition, draft, definition.Chain.Fit(definition.Source.Slice(0, 0))) with { Estimate = Estimate(definition) };
        });
    }

    /// <summary>Runs, or continues a run of the same plan that was stopped.</summary>
    /// <returns>The totals of the slice's shards, those sealed earlier included.</returns>
    /// <exception cref="PipelineException">A bad input, output or invariant.</exception>
    public RunTotals Execute(RunDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return Guarded(() => Run(definition));
    }

    private T Guarded<T>(Func<T> action)
    {
        using var stopped = _cancellation.Register(() => _abort.CancelAfter(CallGrace));
        try
        {
            return action();
        }
        finally
        {
            _journal.Dispose();
        }
    }

    private RunTotals Run(RunDefinition definition)
    {
        var draft = Draft(definition);
        var folder = new RunFolder(definition.Store);
        folder.Check(draft);
        using var locked = folder.Lock(definition.Slice);
        folder.Divide(definition.Slice);
        if (definition.Slice.IsWhole) folder.Sweep();
        var (plan, transformer) = Plan(definition, folder, draft);
        using var activity = PipelineTelemetry.StartRun(plan, definition.Slice);
        var totals = new SliceProgress(plan, definition.Slice, Report);
        var sealer = new ShardSealer(folder, plan, definition.Format, definition.Slice, ThrowIfLost);
        var done = Manifest.Read(definition.Store).ToDictionary(entry => entry.Shard, StringComparer.Ordinal);
        foreach (var shard in totals.Shards)
        {
            ThrowIfLost();
            totals.Add(done.TryGetValue(shard.Name, out var entry)
                ? ShardTotals.OfSealed(entry, folder, definition.Format, hasEvidence: definition.StepsColumn is not null)
                : RunShard(definition, transformer, totals, sealer, folder, shard));
        }
        if (definition.Slice.IsWhole) RunMerge.Finish(folder, plan);
        return totals.Sum;

        void ThrowIfLost()
        {
            if (locked.Lost.IsCancellationRequested) throw Lost(definition);
        }
    }

    private (RunPlan Plan, ITransformer Transformer) Plan(RunDefinition definition, RunFolder folder, RunPlan draft)
    {
        if (folder.Check(draft) is { } known) return Continue(definition, folder, draft, known);
        using var planning = folder.LockPlan(_cancellation);
        if (folder.Check(draft) is { } made) return Continue(definition, folder, draft, made);
        _journal.Begin(folder, RunJournal.FitPart);
        Stages.Fitted!.Learning = true;
        var estimate = Estimate(definition);
        var transformer = Fit(definition);
        var plan = Complete(definition, draft, transformer) with { Estimate = estimate };
        folder.Prepare(plan);
        return (plan, transformer);
    }

    private static PlanEstimate? Estimate(RunDefinition definition) => definition.Measure is { } measure
        ? PlanEstimate.Of(definition.Source, measure) with { MostTrainings = definition.MostTrainings }
        : null;

    private (RunPlan Plan, ITransformer Transformer) Continue(RunDefinition definition, RunFolder folder, RunPlan draft, RunPlan plan)
    {
        Stages.Fitted!.Load(plan.Fitted);
        _journal.Begin(folder, RunJournal.FitPart);
        var transformer = Fit(definition);
        folder.Prepare(Complete(definition, draft, transformer));
        return (plan, transformer);
    }

    private ITransformer Fit(RunDefinition definition)
    {
        long rows = 0;
        Stages.Learned = () => _progress?.Report(new(++rows, definition.Source.SourceRowCount, _tokensScored(), 0, 0, Learning: true));
        try
        {
            return definition.Chain.Fit(definition.Source);
        }
        finally
        {
            Stages.Learned = null;
        }
    }

    private RunPlan Complete(RunDefinition definition, RunPlan draft, ITransformer transformer) => draft with
    {
        Columns = PlanColumns(definition, transformer.GetOutputSchema(definition.Source.Schema)),
        Fitted = Stages.Fitted!.Values,
    };

    private RunTotals RunShard(
        RunDefinition definition, ITransformer transformer, SliceProgress progress, ShardSealer sealer, RunFolder folder, PlanShard shard)
    {
        _cancellation.ThrowIfCancellationRequested();
        using var activity = PipelineTelemetry.StartShard(shard);
        var slice = definition.Source.Slice(shard.FirstRow, shard.Rows);
        _ledger.Begin();
        _ledger.Settled = _ => progress.Advance();
        _journal.Begin(folder, shard.Name);
        var rows = new BufferedDataView(transformer.Transform(slice), _ledger.Stayed);
        _ledger.AddRawRows(slice);
        var evidence = definition.StepsColumn is { } steps ? StepEvidence.Read(rows, definition.IdColumn, steps) : null;
        var totals = ShardTotals.Of(shard, rows, _ledger, evidence, _journal.Usage(definition.Models));
        _journal.Close();
        var data = rows.Select(DataColumns(rows.Schema, definition));
        // A run that is stopped here has the whole shard: it is sealed.
        sealer.Seal(new(shard, data, evidence is null ? null : StepEvidence.ToDataView(evidence), _ledger.Attempts, _ledger.Quarantined, totals));
        PipelineTelemetry.Sealed(totals);
        return totals;
    }

    /// <summary>The plan without what is known after Fit. Fitted to no rows, the chain finds missing and mistyped columns first.</summary>
    private static RunPlan Draft(RunDefinition definition)
    {
        definition.Chain.Fit(definition.Source.Slice(0, 0));
        var inputs = definition.InputFiles.Select(PlanInput.Of).ToArray();
        return new()
        {
            Version = Version,
            Fingerprint = RunPlan.ComputeFingerprint(Version, definition.Options, inputs, definition.Models),
            Options = definition.Options,
            Job = definition.Job,
            Inputs = inputs,
            Models = definition.Models,
            Shards = RunPlan.Divide(definition.Source.RowBytes(), definition.ShardRows, definition.ShardBytes),
            Columns = [],
            IdColumn = definition.IdColumn,
            Prices = definition.Prices,
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

    private void Report(long rowsDone, long rows, int shardsDone, int shards) =>
        _progress?.Report(new RunProgressSnapshot(rowsDone, rows, _tokensScored(), shardsDone, shards));

    private static PipelineException Lost(RunDefinition definition) => new(ErrorCode.Output,
        $"The lock on '{definition.Store.Location}' was lost: the store could not be reached for too long, and another run may work there now. "
            + "Sealed shards are kept; run again.");
}
