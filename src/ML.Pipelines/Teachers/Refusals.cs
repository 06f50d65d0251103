using System.Text.RegularExpressions;

namespace ML.Pipelines.Teachers;

/// <summary>The one table of how models decline. Conservative: a reply counts only where it is short and opens with a refusal.</summary>
internal static partial class Refusals
{
    /// <summary>Longer replies went on to answer, in characters.</summary>
    private const int LongestRefusal = 400;

    public static bool IsRefusal(string text)
    {
        var reply = text.AsSpan().Trim();
        return reply.Length <= LongestRefusal && Opening().IsMatch(reply);
    }

    // Apologies alone are no refusals: models also excuse themselves for a slip and go on.
    [GeneratedRegex("""
        ^(?:(?:i['’]?m|i\ am)\ (?:very\ |so\ |really\ |truly\ )?sorry|sorry|i\ apologi[sz]e|my\ apologies|unfortunately)
            [,.;:!]?\ (?:but\ )?(?:as\ an?\ (?:ai|artificial\ intelligence|(?:large\ )?language\ model)[^,.]*,\ )?
            i\ ?(?:['’]m\ (?:not\ able|unable)\ to|am\ (?:not\ able|unable)\ to|can['’]t|cannot|can\ not|won['’]t|will\ not)
            \ (?:assist|help|comply|provide|fulfil+|do\ that|answer|continue|respond|engage|create|generate|write|discuss|support)\b
        | ^i\ ?(?:can['’]t|cannot|can\ not|won['’]t|will\ not|['’]m\ (?:not\ able|unable)\ to|am\ (?:not\ able|unable)\ to)
            \ (?:assist|help\ (?:you\ )?with\ (?:that|this)|comply|fulfil+|engage\ (?:in|with)|support\ (?:that|this))\b
        | ^i\ (?:must|have\ to)\ (?:respectfully\ )?(?:decline|refuse)\b
        | ^as\ an?\ (?:ai|artificial\ intelligence|(?:large\ )?language\ model)[^.]*,
            \ i\ (?:can['’]t|cannot|can\ not|am\ (?:not\ able|unable)\ to|won['’]t|will\ not)\b
        | ^(?:很抱歉|抱歉|对不起)[,，。!！]?\s*(?:但)?(?:作为(?:一个)?(?:ai|人工智能|语言模型)[^,，。]*[,，])?我(?:无法|不能)(?:协助|帮助|提供|回答|满足|完成|继续|讨论)
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Opening();
}
