using System.Text;

namespace ML.Pipelines.Cli.Display;

/// <summary>Makes text of a data set fit for a terminal.</summary>
/// <remarks>
/// A data set must not be able to send a terminal commands. Control characters become their visible pictures (ESC is ␛), C1 controls
/// and halves of surrogate pairs U+FFFD; marks that turn the direction of what follows are left out. Line breaks and tabs stay.
/// </remarks>
public static class TerminalText
{
    private const char FirstPicture = '\u2400';
    private const char PictureOfDelete = '\u2421';

    /// <summary>The text without anything that a terminal would act on.</summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = new StringBuilder(text.Length);
        // Enumerating runes replaces halves of surrogate pairs.
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes()) Append(clean, rune);
        return clean.ToString();
    }

    private static void Append(StringBuilder clean, Rune rune)
    {
        if (rune.Value == '\n') clean.Append('\n');
        else if (rune.Value == '\t') clean.Append("    ");
        else if (rune.Value < ' ') clean.Append((char)(FirstPicture + rune.Value));
        else if (rune.Value == '\u007F') clean.Append(PictureOfDelete);
        else if (Rune.IsControl(rune)) clean.Append(Rune.ReplacementChar);
        else if (!TurnsDirection(rune)) clean.Append(rune);
    }

    private static bool TurnsDirection(Rune rune) =>
        rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C;
}
