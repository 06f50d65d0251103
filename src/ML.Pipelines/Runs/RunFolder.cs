namespace ML.Pipelines.Runs;

/// <summary>The files of a run.</summary>
public sealed class RunFolder
{
    private static readonly string[] Kinds = ["data", "evidence", "quarantine"];

    private const string LockName = "run.lock";

    /// <summary>A run's folder; nothing is created.</summary>
    public RunFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Where a shard's file of a kind lies.</summary>
    /// <param name="kind">data, evidence or quarantine.</param>
    /// <param name="shard">The shard's name.</param>
    /// <param name="extension">The format's extension.</param>
    public string File(string kind, string shard, string extension) => System.IO.Path.Combine(Path, kind, shard + extension);

    /// <summary>All files of a kind, in order; none where there is no such folder.</summary>
    public IReadOnlyList<string> Files(string kind, string extension)
    {
        var folder = System.IO.Path.Combine(Path, kind);
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "part-*" + extension).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Checks that the folder can take a plan: it is new, or holds a run of the same plan. Cheap, so it comes before all work.</summary>
    /// <param name="plan">The plan; its columns are not looked at, because they are known only after Fit.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: it holds something else, or cannot be made.</exception>
    internal void Check(RunPlan plan) => Use(() =>
    {
        if (HoldsPlan) CheckSame(plan.DifferenceFrom(RunPlan.Read(Path)));
        else if (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any(IsForeign)) throw NotEmpty();
        Directory.CreateDirectory(Path);
    });

    /// <summary>Makes the checked folder ready for a plan. The plan comes first: what else is there belongs to a plan.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: it holds something else, or cannot be written.</exception>
    internal void Prepare(RunPlan plan) => Use(() =>
    {
        Check(plan);
        if (HoldsPlan && !RunPlan.Read(Path).Columns.SequenceEqual(plan.Columns)) CheckSame("the columns of its shards are others");
        plan.Write(Path);
        foreach (var kind in Kinds) Directory.CreateDirectory(System.IO.Path.Combine(Path, kind));
    });

    /// <summary>Keeps other processes out of the folder until disposed.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: another process works in it.</exception>
    internal FileStream Lock()
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(Path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException fault)
        {
            throw new PipelineException(ErrorCode.Output, $"Another run works in '{Path}'. Wait for it, or choose another --output.", fault);
        }
    }

    private bool HoldsPlan => System.IO.File.Exists(System.IO.Path.Combine(Path, RunPlan.FileName));

    // A plan that was not written to its end is nobody's.
    private static bool IsForeign(string entry) =>
        System.IO.Path.GetFileName(entry) is not (RunPlan.FileName + AtomicFile.TemporarySuffix or LockName);

    private void Use(Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.Output, $"Cannot write to '{Path}': {fault.Message} Choose another --output.", fault);
        }
    }

    private void CheckSame(string? difference)
    {
        if (difference is null) return;
        throw new PipelineException(ErrorCode.Output,
            $"'{Path}' holds a run that differs: {difference}. Undo the change to continue it, or choose another --output.");
    }

    private PipelineException NotEmpty() => new(ErrorCode.Output,
        $"'{Path}' is not empty and holds no run. Choose another --output; nothing is overwritten.");
}
