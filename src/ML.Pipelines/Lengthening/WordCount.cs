namespace ML.Pipelines.Lengthening;

/// <summary>Words of Chinese, English and mixed text as Self-Lengthen counts them (its <c>count_words</c>).</summary>
public static class WordCount
{
    /// <summary>
    /// The characters in U+4E00-9FFF, U+3000-303F and U+FF00-FFEF (ideographs, and full-width punctuation and forms), each a word, plus
    /// the pieces between white space once those characters are taken out.
    /// </summary>
    /// <param name="text">Any text; "Hello 世界 foo，bar" has 6 words.</param>
    /// <returns>0 or more.</returns>
    public static int Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = 0;
        var inWord = false;
        foreach (var character in text)
        {
            var isWide = IsWide(character);
            var isInWord = !isWide && !char.IsWhiteSpace(character);
            if (isWide || (isInWord && !inWord)) words++;
            inWord = isInWord;
        }
        return words;
    }

    private static bool IsWide(char character) =>
        character is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3000' and <= '\u303F') or (>= '\uFF00' and <= '\uFFEF');
}
