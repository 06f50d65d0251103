using System.Globalization;
using Microsoft.ML;
using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Cli.Jobs;
using ML.Pipelines.Data;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Runs;
using ML.Pipelines.Runs.Stores;

namespace ML.Pipelines.Cli;

/// <summary>Reads the traces of a finished run: steps and attempts from its evidence, texts from its input and output.</summary>
internal sealed class RunReader : IRunReader
{
    private readonly Job _job;
    private readonly RunFolder _folder;
    private readonly Dictionary<string, StepEvidence[]> _steps;
    private readonly Dictionary<string, AttemptEvidence[]> _attempts;

    /// <summary>Opens a run.</summary>
    /// <exception cref="PipelineException">There is no run, it is not finished, or it has no evidence.</exception>
    public RunReader(IRunStore store)
    {
        _job = PlannedJob.Read(store, []);
        _folder = new(store);
        var format = JobOutput.Format(_job);
        _attempts = ById(AttemptTable.Load(_folder, format), row => row.TraceId);
        // Only the pruning of chains that failed leaves steps beside attempts.
        _steps = _attempts.Count > 0 && !JobChain.HasSteps(_job) ? [] : ById(StepEvidence.Load(_folder, format), row => row.TraceId);
        Ids = [.. _steps.Keys.Union(_attempts.Keys)];
    }

    /// <summary>The ids of the run's traces, in their order.</summary>
    public IEnumerable<string> Ids { get; }

    /// <summary>A trace by its id, or null.</summary>
    public RunTrace? Find(string id)
    {
        var (steps, attempts) = (_steps.GetValueOrDefault(id, []), _attempts.GetValueOrDefault(id, []));
        if (steps.Length == 0 && attempts.Length == 0) return null;
        var traces = Traces();
        using var cursor = traces.GetRowCursor(traces.Schema);
        var (readId, question, reasoning) = (Text(cursor, "id"), Text(cursor, "question"), Text(cursor, "reasoning"));
        while (cursor.MoveNext())
        {
            if (readId() != id) continue;
            return new RunTrace(id, question(), reasoning(), [.. steps.Select(row => row.Step)])
            {
                Attempts = attempts,
                Output = attempts.Length > 0 ? [.. Output(id)] : [],
            };
        }
        throw new PipelineException(ErrorCode.EvidenceMismatch,
            $"Row {id} is in the evidence but not in the input. Has the input changed since the run?");
    }

    private static Dictionary<string, T[]> ById<T>(IEnumerable<T> rows, Func<T, string> id) =>
        rows.GroupBy(id, StringComparer.Ordinal).ToDictionary(rows => rows.Key, rows => rows.ToArray(), StringComparer.Ordinal);

    private IEnumerable<OutputChain> Output(string id)
    {
        var format = JobOutput.Format(_job);
        if (_folder.Files("data", format.Extension) is not { Count: > 0 } files) yield break;
        var data = format.Read(files);
        var rate = Columns.Find(data.Schema, "rate");
        using var cursor = data.GetRowCursor(Columns.Existing(data.Schema, ["id", "reasoning", "outcome", "rate"]));
        var (readId, chain, outcome) = (Text(cursor, "id"), Text(cursor, "reasoning"), Text(cursor, "outcome"));
        var readRate = rate is null ? null : EvidenceFiles.Value<double>(cursor, "rate");
        var found = false;
        while (cursor.MoveNext())
        {
            if (readId() == id)
            {
                found = true;
                yield return new(string.Create(CultureInfo.InvariantCulture, $"{outcome()}{readRate?.Invoke(): 0.##}"), chain());
            }
            else if (found)
            {
                // The rows of a trace are neighbours.
                yield break;
            }
        }
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
