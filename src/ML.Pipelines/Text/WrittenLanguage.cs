using System.Text;
using System.Text.RegularExpressions;

namespace ML.Pipelines.Text;

/// <summary>A coarse look at the language of a text: the script that most of its letters are of and, for Latin script, the language whose
/// function words are most frequent. It tells nothing rather than something wrong: formulas and short texts have no language.</summary>
internal static partial class WrittenLanguage
{
    /// <summary>Fewer letters tell nothing: formulas have Greek ones.</summary>
    private const int FewestLetters = 20;

    /// <summary>Fewer function words are chance: "a", "so" and "in" are words of several languages.</summary>
    private const int FewestWords = 4;

    /// <summary>By how much the first language leads the next; related languages share words.</summary>
    private const int Lead = 2;

    // Words that carry grammar, not content, and so are in every text of some lines. Single letters are variables, and what is an English
    // word, too, is left out of the others.
    private static readonly (string Language, string[] Words)[] FunctionWords =
    [
        Of("English", "the of and to is that we it this so with for are have then by from which be as not what there can"),
        Of("German", "der die das und ist wir ein eine nicht mit den dem zu von für auf es sich dass wird sind aus wenn oder auch"),
        Of("French", "le la les et est des une nous que dans pour donc avec qui sur du en ce par il pas sont au cette"),
        Of("Spanish", "el la los las es que de una un en por con para se del al como entonces lo más su este cada"),
        Of("Portuguese", "os que de uma um em por com para da não ao como então são mais dos das cada"),
        Of("Italian", "il la gli le che di una un con si del della dei non quindi sono lo più dal ogni"),
        Of("Dutch", "de het een en is van we dat niet met voor op te dus zijn er aan deze als ook bij uit elke"),
        Of("Polish", "na jest się że to nie jak po od dla są więc oraz przez tego czyli każdy mamy"),
        Of("Turkish", "ve bir bu için ile olarak de da ne olan ise kadar daha sonra toplam bunu göre çok"),
        Of("Indonesian", "yang dan di dari adalah untuk dengan kita ini itu ke jadi tidak pada maka sebagai juga setiap jika"),
        Of("Vietnamese", "là và của có ta một được cho trong với các này số để không như vậy khi từ nên"),
        Of("Swedish", "och är att det ett som vi av på för med den inte till så har om från varje de"),
    ];

    private static readonly Dictionary<string, int[]> LanguagesOf = FunctionWords.Index()
        .SelectMany(language => language.Item.Words.Select(word => (Word: word, language.Index)))
        .GroupBy(word => word.Word, word => word.Index, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(word => word.Key, word => word.ToArray(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether two texts are surely of different languages.</summary>
    public static bool Differ(string a, string b) => Name(a) is { } one && Name(b) is { } other && one != other
        // A text whose Latin language is not sure has at least a script.
        && (one.Script != other.Script || (one.Language is not null && other.Language is not null));

    private static (string Script, string? Language)? Name(string text)
    {
        var counts = text.EnumerateRunes().Where(Rune.IsLetter).Select(Script).CountBy(script => script).ToArray();
        if (counts.Sum(count => count.Value) < FewestLetters) return null;
        var script = counts.MaxBy(count => count.Value).Key;
        return (script, script == "Latin" ? LatinLanguage(text) : null);
    }

    private static string? LatinLanguage(string text)
    {
        var (found, languages) = (new int[FunctionWords.Length], LanguagesOf.GetAlternateLookup<ReadOnlySpan<char>>());
        foreach (var word in Word().EnumerateMatches(text))
            if (languages.TryGetValue(text.AsSpan(word.Index, word.Length), out var all))
                foreach (var language in all) found[language]++;
        var most = found.Max();
        var first = Array.IndexOf(found, most);
        var next = found.Where((_, i) => i != first).Max();
        return most >= FewestWords && most >= Lead * next ? FunctionWords[first].Language : null;
    }

    private static string Script(Rune letter) => letter.Value switch
    {
        < 0x250 or (>= 0x1E00 and < 0x1F00) => "Latin",
        < 0x400 => "Greek",
        < 0x530 => "Cyrillic",
        >= 0x590 and < 0x600 => "Hebrew",
        >= 0x600 and < 0x780 => "Arabic",
        >= 0x900 and < 0x980 => "Devanagari",
        >= 0xE00 and < 0xE80 => "Thai",
        // A Japanese text has both; which of them is more frequent says nothing.
        >= 0x3040 and < 0x3100 or >= 0x3400 and < 0xA000 or >= 0x20000 and < 0x32000 => "Han",
        >= 0xAC00 and < 0xD7B0 or >= 0x1100 and < 0x1200 => "Hangul",
        _ => "other",
    };

    private static (string Language, string[] Words) Of(string language, string words) => (language, words.Split(' '));

    [GeneratedRegex(@"(?<![\\\p{L}])\p{L}+")]
    private static partial Regex Word();
}
