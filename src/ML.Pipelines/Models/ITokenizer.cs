namespace ML.Pipelines.Models;

/// <summary>Turns text into a model's token ids and back.</summary>
/// <remarks>Implementations are immutable and safe for concurrent calls.</remarks>
public interface ITokenizer
{
    /// <summary>The number of ids: every id is in 0 to VocabularySize - 1.</summary>
    int VocabularySize { get; }

    /// <summary>Appends the ids of a text. Adds no special tokens of its own.</summary>
    /// <param name="text">Any text; lone surrogates are encoded as U+FFFD.</param>
    /// <param name="ids">The list to append to.</param>
    /// <param name="parseSpecialTokens">Whether special tokens written in the text (for example an end-of-text mark) become their ids, as
    /// in chat templates; false for data, where they are ordinary characters.</param>
    void Encode(ReadOnlySpan<char> text, List<int> ids, bool parseSpecialTokens = false);

    /// <summary>The text of the ids; bytes that are not valid UTF-8 become U+FFFD.</summary>
    string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false);

    /// <summary>The id of a special token by its text, or null.</summary>
    int? SpecialTokenId(string token);
}
