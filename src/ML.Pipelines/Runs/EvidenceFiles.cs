using Microsoft.ML;
using ML.Pipelines.Data;

namespace ML.Pipelines.Runs;

/// <summary>Reads the evidence of a run back.</summary>
internal static class EvidenceFiles
{
    /// <summary>The files of a kind of evidence, in order; none where the run has none.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.EvidenceMismatch"/>: the run is not finished.</exception>
    public static IReadOnlyList<string> Of(RunFolder folder, string kind, string extension)
    {
        var files = folder.Files(kind, extension);
        if (files.Count > 0) CheckSealed(folder);
        return files;
    }

    /// <summary>A text of the row that a cursor stands on.</summary>
    public static Func<string?> Text(DataViewRow row, string name) => Columns.TextOrNull(row, Columns.Get(row.Schema, name, "evidence"));

    /// <summary>A value of the row that a cursor stands on.</summary>
    public static Func<T?> Value<T>(DataViewRow row, string name) where T : struct
    {
        var column = Columns.Require<T>(Columns.Get(row.Schema, name, "evidence"), "evidence");
        var (isNull, value) = (Columns.IsNull(row, column), Columns.Value<T>(row, column));
        return () => isNull() ? null : value();
    }

    // What lies there beside the sealed shards is of a run that was stopped, and lacks rows.
    private static void CheckSealed(RunFolder folder)
    {
        var unsealed = RunPlan.Read(folder.Store).Shards.Select(shard => shard.Name)
            .Except(Manifest.Read(folder.Store).Select(entry => entry.Shard), StringComparer.Ordinal).Count();
        if (unsealed > 0)
            throw new PipelineException(ErrorCode.EvidenceMismatch,
                $"'{folder.Store.Location}': {unsealed} shards are not sealed yet. Finish the run first: the same command continues it.");
    }
}
