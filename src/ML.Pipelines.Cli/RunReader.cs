using Microsoft.ML;
using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Data;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Cli;

/// <summary>Reads the traces of a finished run: steps from its evidence, texts from its input.</summary>
internal sealed class RunReader : IRunReader
{
    private readonly Job _job;
    private readonly Dictionary<string, StepEvidence[]> _evidence;

    /// <summary>Opens a run.</summary>
    /// <exception cref="PipelineException">There is no run, or it has no evidence.</exception>
    public RunReader(IRunStore store)
    {
        _job = PlannedJob.Read(store, []);
        _evidence = StepEvidence.Load(new RunFolder(store), JobOutput.Format(_job)).GroupBy(row => row.TraceId, StringComparer.Ordinal)
            .ToDictionary(rows => rows.Key, rows => rows.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The ids of the run's traces, in their order.</summary>
    public IEnumerable<string> Ids => _evidence.Keys;

    /// <summary>A trace by its id, or null.</summary>
    public RunTrace? Find(string id)
    {
        if (!_evidence.TryGetValue(id, out var steps)) return null;
        var traces = Traces();
        using var cursor = traces.GetRowCursor(traces.Schema);
        var (readId, question, reasoning) = (Text(cursor, "id"), Text(cursor, "question"), Text(cursor, "reasoning"));
        while (cursor.MoveNext())
            if (readId() == id) return new RunTrace(id, question(), reasoning(), [.. steps.Select(row => row.Step)]);
        throw new PipelineException(ErrorCode.EvidenceMismatch, $"Row {id} is in the evidence but not in the input. Has the input "
            + "changed since the run?");
    }

    private IDataView Traces()
    {
        var rejects = new PipelineRun().Rejects;
        var source = JobInput.Open(_job, JobInput.Files(_job), rejects);
        var adapter = JobChain.Adapter(_job, new MLContext(seed: 1).TrainingSets(rejects));
        return adapter is null ? source : adapter.Fit(source).Transform(source);
    }

    private static Func<string> Text(DataViewRow row, string name) => Columns.TextOrEmpty(row, Columns.Get(row.Schema, name, "show"));
}
