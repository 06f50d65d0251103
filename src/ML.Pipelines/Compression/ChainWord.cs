using ML.Pipelines.Text;

namespace ML.Pipelines.Compression;

/// <summary>Why a word may not be dropped; where several reasons hold, the first of these.</summary>
public enum WordProtection
{
    /// <summary>It may be dropped.</summary>
    None = 0,

    /// <summary>It is in a span that the user or the row protects.</summary>
    Given = 1,

    /// <summary>It is in an occurrence of the answer, or in the place where the chain states it.</summary>
    Answer = 2,

    /// <summary>It is in a formula, a LaTeX command with its arguments, or code.</summary>
    Formula = 3,

    /// <summary>It holds a digit, or is a number word.</summary>
    Number = 4,

    /// <summary>It holds a mathematical operator, names one, or has no letter at all.</summary>
    Operator = 5,

    /// <summary>It negates.</summary>
    Negation = 6,
}

/// <summary>A word of a chain: what stands between white space.</summary>
/// <param name="Span">Its UTF-16 offsets.</param>
/// <param name="Protection">Why it may not be dropped.</param>
public readonly record struct ChainWord(TextSpan Span, WordProtection Protection)
{
    /// <summary>Whether it must stay.</summary>
    public bool IsProtected => Protection != WordProtection.None;
}
