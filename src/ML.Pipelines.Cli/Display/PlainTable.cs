using Spectre.Console;
using StyledText = Spectre.Console.Text;

namespace ML.Pipelines.Cli.Display;

/// <summary>Tables without a frame: the first column on the left, numbers on the right. Text is cleaned and never read as markup.</summary>
internal static class PlainTable
{
    /// <summary>A table without rows.</summary>
    public static Table New(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (index, name) in columns.Index())
            table.AddColumn(new TableColumn(new StyledText(name)) { Alignment = index == 0 ? Justify.Left : Justify.Right, NoWrap = true });
        return table;
    }

    /// <summary>Adds a row; cells that are not given stay empty.</summary>
    public static void Add(Table table, params string[] cells) =>
        table.AddRow(cells.Select(cell => new StyledText(TerminalText.Clean(cell))));
}
