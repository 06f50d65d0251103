using System.Globalization;
using Microsoft.ML;
using ML.Pipelines.Cli.Commands;
using ML.Pipelines.Data;
using ML.Pipelines.Formatting;
using ML.Pipelines.Runs;

namespace ML.Pipelines.Cli;

/// <summary>Finds the chains that the output of a run has of a trace.</summary>
internal static class OutputChains
{
    /// <summary>The chains of a trace: of conditioned rows, of columns that compression wrote, or of rows.</summary>
    public static IEnumerable<OutputChain> Of(RunFolder folder, IShardFormat format, string id)
    {
        if (folder.Files("data", format.Extension) is not { Count: > 0 } files) yield break;
        var data = format.Read(files);
        string[] compressed = [.. Columns.Names(data.Schema).Where(CompressedColumns.IsOne)];
        using var cursor = data.GetRowCursor(
            Columns.Existing(data.Schema, ["id", "reasoning", "outcome", "rate", "condition", "output", .. compressed]));
        var (readId, read) = (EvidenceFiles.Text(cursor, "id"), Reader(cursor, compressed));
        var found = false;
        while (cursor.MoveNext())
        {
            if (readId() == id)
            {
                found = true;
                foreach (var chain in read()) yield return chain;
            }
            else if (found)
            {
                // The rows of a trace are neighbours.
                yield break;
            }
        }
    }

    private static Func<IEnumerable<OutputChain>> Reader(DataViewRow row, string[] compressed)
    {
        if (Has("condition") && Has("output"))
        {
            var (condition, output) = (Text("condition"), Text("output"));
            return () => [new(condition()!, output()!)];
        }
        if (compressed.Length > 0)
        {
            var columns = compressed.Select(name => (Name: name, Read: Text(name))).ToArray();
            return () => columns.Select(column => (column.Name, Chain: column.Read())).Where(column => column.Chain is not null)
                .Select(column => new OutputChain(column.Name, column.Chain!));
        }
        if (!Has("reasoning") || !Has("outcome")) return () => [];
        var (chain, outcome, rate) = (Text("reasoning"), Text("outcome"), Has("rate") ? EvidenceFiles.Value<double>(row, "rate") : () => null);
        return () => [new(string.Create(CultureInfo.InvariantCulture, $"{outcome()}{rate(): 0.##}"), chain()!)];

        bool Has(string name) => Columns.Find(row.Schema, name) is not null;
        Func<string?> Text(string name) => EvidenceFiles.Text(row, name);
    }
}
