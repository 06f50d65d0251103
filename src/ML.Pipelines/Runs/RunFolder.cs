namespace ML.Pipelines.Runs;

/// <summary>The files of a run.</summary>
public sealed class RunFolder
{
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

    /// <summary>Makes the folder ready for a plan: new, or holding a run of the same plan.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Output"/>: it holds something else, or cannot be written.</exception>
    internal void Prepare(RunPlan plan)
    {
        try
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(Path, RunPlan.FileName))) CheckSame(RunPlan.Read(Path), plan);
            else if (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any()) throw NotEmpty();
            foreach (var kind in new[] { "data", "evidence", "quarantine" }) Directory.CreateDirectory(System.IO.Path.Combine(Path, kind));
            plan.Write(Path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCode.Output, $"Cannot write to '{Path}': {fault.Message} Choose another --output.", fault);
        }
    }

    private void CheckSame(RunPlan there, RunPlan plan)
    {
        if (there.Fingerprint == plan.Fingerprint) return;
        throw new PipelineException(ErrorCode.Output,
            $"'{Path}' holds a run that differs: {Difference(there, plan)}. Undo the change to continue it, or choose another --output.");
    }

    private static string Difference(RunPlan there, RunPlan plan)
    {
        var before = there.Options.ToDictionary(option => option.Path, option => option.Value, StringComparer.Ordinal);
        var changed = plan.Options.FirstOrDefault(option => before.GetValueOrDefault(option.Path) != option.Value);
        if (changed is not null) return $"{changed.Path} was {before.GetValueOrDefault(changed.Path) ?? "not set"}, now {changed.Value}";
        if (!there.Inputs.Select(input => input.Sha256).SequenceEqual(plan.Inputs.Select(input => input.Sha256))) return "the input files changed";
        return there.Version != plan.Version ? $"it was made by version {there.Version}, this is {plan.Version}" : "the models or options changed";
    }

    private PipelineException NotEmpty() => new(ErrorCode.Output,
        $"'{Path}' is not empty and holds no run. Choose another --output; nothing is overwritten.");
}
