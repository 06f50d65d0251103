namespace ML.Pipelines.Cli.Commands;

/// <summary>Reads the traces of a finished run.</summary>
public interface IRunReader
{
    /// <summary>The ids of the traces that have evidence, in the order of the input.</summary>
    IEnumerable<string> Ids { get; }

    /// <summary>The trace of an id; null: the run has none.</summary>
    RunTrace? Find(string id);
}
