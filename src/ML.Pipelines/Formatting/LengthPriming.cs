using System.Globalization;
using ML.Pipelines.Text;

namespace ML.Pipelines.Formatting;

/// <summary>An instruction that tells how many words to keep and to delete (InstructCMP, arXiv 2406.11097).</summary>
/// <param name="Instruction">The instruction.</param>
/// <param name="SourceWords">Words of the source (between white space).</param>
/// <param name="KeptWords">Words of the gold compression.</param>
/// <param name="DeletedWords">Their difference, at least 1.</param>
public sealed record LengthPrimed(string Instruction, int SourceWords, int KeptWords, int DeletedWords)
{
    /// <summary>The drop reason of rows whose compression is empty or not shorter.</summary>
    public const string NotShorter = "not-shorter";

    /// <summary>The instruction for a text and its gold compression; null where that is empty or not shorter in words.</summary>
    /// <param name="text">The source.</param>
    /// <param name="compression">The gold compression.</param>
    /// <param name="template">Stands for itself but for {text}, {source}, {keep} and {delete}, each replaced once through.</param>
    public static LengthPrimed? Of(string text, string compression, string template)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(compression);
        ArgumentNullException.ThrowIfNull(template);
        var (source, keep) = (Words.Count(text), Words.Count(compression));
        if (keep == 0 || keep >= source) return null;
        // The text last: what it holds is no placeholder.
        var instruction = template.Replace("{source}", Number(source), StringComparison.Ordinal)
            .Replace("{keep}", Number(keep), StringComparison.Ordinal)
            .Replace("{delete}", Number(source - keep), StringComparison.Ordinal)
            .Replace("{text}", text, StringComparison.Ordinal);
        return new(instruction, source, keep, source - keep);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
