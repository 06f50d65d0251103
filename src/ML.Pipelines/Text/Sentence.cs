namespace ML.Pipelines.Text;

/// <summary>What separates a sentence from the one before it.</summary>
internal enum SentenceBreak
{
    /// <summary>Nothing but spaces.</summary>
    Space,

    /// <summary>One line break.</summary>
    Line,

    /// <summary>A blank line, or the start of the text.</summary>
    Paragraph,
}

/// <summary>A sentence, list item, heading or displayed formula with the white space that follows it.</summary>
internal readonly record struct Sentence
{
    /// <summary>The offset of its first character.</summary>
    public required int Start { get; init; }

    /// <summary>The offset after the white space that follows it.</summary>
    public required int End { get; init; }

    /// <summary>What separates it from the sentence before.</summary>
    public required SentenceBreak Break { get; init; }

    /// <summary>Whether it opens a list item or a table row.</summary>
    public bool IsListItem { get; init; }

    /// <summary>Whether it is a displayed formula, a code block, or a formula alone on its line.</summary>
    public bool IsDisplay { get; init; }

    /// <summary>Whether what follows belongs to it: it ends with a colon, or is a heading.</summary>
    public bool Introduces { get; init; }

    /// <summary>Whether it ends with a full stop, question or exclamation mark.</summary>
    public bool IsTerminated { get; init; }

    /// <summary>Whether it begins with a lower-case letter, as the rest of a sentence does.</summary>
    public bool BeginsLowerCase { get; init; }

    /// <summary>UTF-16 code units in it.</summary>
    public int Length => End - Start;
}
