using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ML.Pipelines.Text;

/// <summary>The indicator phrases of each step category: the one table that segmenter and classifier read.</summary>
/// <remarks>
/// <para>
/// Phrases match case-insensitively between word boundaries; a space in a phrase matches any white space, an apostrophe also the
/// typographic one. The first phrases of each list are those of LIMOPro (arXiv 2505.19187), Table 4; the rest are variants that
/// DeepSeek-R1 style traces use, chosen here. Phrases in <see cref="Interjections"/> count only in the first sentence of a step, and only
/// where they open it or a punctuation mark follows ("Wait, …", but not "they wait for a bus").
/// </para>
/// <para>Immutable; safe to share between threads.</para>
/// </remarks>
public sealed class StepMarkers
{
    private readonly FrozenDictionary<char, Phrase[]> _phrases;

    private StepMarkers(ImmutableDictionary<StepCategory, ImmutableArray<string>> phrases, ImmutableArray<string> interjections)
    {
        (Phrases, Interjections) = (phrases, interjections);
        bool IsInterjection(string text) => interjections.Contains(text, StringComparer.OrdinalIgnoreCase);
        _phrases = phrases.SelectMany(entry => entry.Value.Select(text => new Phrase(text, entry.Key, IsInterjection(text))))
            .GroupBy(phrase => char.ToLowerInvariant(phrase.Text[0]))
            .ToFrozenDictionary(group => group.Key, group => group.OrderByDescending(phrase => phrase.Text.Length).ToArray());
    }

    /// <summary>Table 4 of the paper and the variants listed in this type's source.</summary>
    public static StepMarkers Default { get; } = new(
        DefaultPhrases(), ["wait", "hold on", "hang on", "wait a minute", "wait a second"]);

    /// <summary>The phrases by category.</summary>
    public ImmutableDictionary<StepCategory, ImmutableArray<string>> Phrases { get; }

    /// <summary>The phrases that count only in the first sentence of a step and as an interjection.</summary>
    public ImmutableArray<string> Interjections { get; }

    /// <summary>These markers with more phrases for a category.</summary>
    /// <exception cref="ArgumentException">A phrase is empty, or does not begin and end with a letter or digit.</exception>
    public StepMarkers Add(StepCategory category, params ReadOnlySpan<string> phrases) =>
        Replace(category, [.. Phrases.GetValueOrDefault(category, []), .. phrases]);

    /// <summary>These markers with other phrases for a category.</summary>
    /// <exception cref="ArgumentException">A phrase is empty, or does not begin and end with a letter or digit.</exception>
    public StepMarkers Replace(StepCategory category, params ReadOnlySpan<string> phrases)
    {
        foreach (string phrase in phrases)
            if (phrase is not { Length: > 0 } || !char.IsLetterOrDigit(phrase[0]) || !char.IsLetterOrDigit(phrase[^1]))
                throw new ArgumentException($"A marker phrase begins and ends with a letter or digit: '{phrase}'.", nameof(phrases));
        return new StepMarkers(Phrases.SetItem(category, [.. phrases]), Interjections);
    }

    /// <summary>The longest phrase that stands at the start of a word, if any.</summary>
    internal MarkerMatch? MatchAt(string text, int start, int end)
    {
        if (start > 0 && IsWordCharacter(text[start - 1])) return null;
        if (!_phrases.TryGetValue(char.ToLowerInvariant(text[start]), out Phrase[]? phrases)) return null;
        foreach (Phrase phrase in phrases)
            if (MatchEnd(phrase.Text, text, start, end) is var matchEnd and > 0)
                return new MarkerMatch(new TextSpan(start, matchEnd), phrase.Category, phrase.IsInterjection);
        return null;
    }

    internal static bool IsWordCharacter(char character) => char.IsLetterOrDigit(character) || character == '_';

    private static int MatchEnd(string phrase, string text, int start, int end)
    {
        int at = start;
        foreach (char expected in phrase)
        {
            if (at >= end || !Matches(expected, text[at])) return -1;
            at = expected == ' ' ? Math.Min(end, CharacterRuns.SkipWhiteSpace(text, at).End) : at + 1;
        }
        return at < text.Length && IsWordCharacter(text[at]) ? -1 : at;
    }

    private static bool Matches(char expected, char actual) => expected switch
    {
        ' ' => char.IsWhiteSpace(actual),
        '\'' => actual is '\'' or '’',
        _ => char.ToLowerInvariant(expected) == char.ToLowerInvariant(actual),
    };

    private static ImmutableDictionary<StepCategory, ImmutableArray<string>> DefaultPhrases() =>
        new Dictionary<StepCategory, ImmutableArray<string>>
        {
            [StepCategory.Progressive] =
        [
            "let's solve", "first", "then", "next", "therefore", "we need to", "given that",
            "thus", "hence", "so", "now", "we have", "we can", "let me start", "let's start", "i need to", "to find", "substituting",
            "moving on",
        ],
            [StepCategory.Verification] =
        [
            "wait", "let me check", "let me verify", "double-check", "going back to",
            "hold on", "hang on", "wait a minute", "wait a second", "let me double check", "double check", "let me recheck",
            "let me re-check", "let me re-examine", "let me reconsider", "let me recalculate", "let me recompute", "let me confirm",
            "let me make sure", "let me see if that", "let me see if this", "let's check", "let's verify", "let's double-check",
            "let's confirm", "let's recheck", "let me go back", "let's go back", "to verify", "to double-check", "to make sure",
            "just to be sure", "just to confirm", "is that right", "is that correct", "is this right", "is this correct", "did i",
            "verifying", "sanity check",
        ],
            [StepCategory.MultiMethodValidation] =
        [
            "alternatively", "another way", "let's try a different approach", "using another method", "we can also verify",
            "another approach", "another method", "a different approach", "a different method", "a different way",
            "different perspective", "another perspective", "another angle", "another idea", "try another", "let me try another",
            "let me try a different", "using a different method", "as an alternative", "an alternative approach",
            "an alternative method", "another thought",
        ],
            [StepCategory.ErrorCorrection] =
        [
            "this is wrong", "the mistake was", "that's impossible", "this contradicts", "the error is", "i made a mistake",
            "that is wrong", "that's wrong", "this is incorrect", "that is incorrect", "that's incorrect", "that is impossible",
            "that contradicts", "the mistake is", "my mistake", "my error", "the error was", "made a mistake", "made an error",
            "a mistake here", "i messed up", "i was wrong", "i miscalculated", "i misread", "i misunderstood", "that's not right",
            "that is not right", "this is not right", "that's not correct", "that is not correct", "this is not correct",
            "that can't be right", "that can't be", "this can't be right", "that doesn't make sense", "this doesn't make sense",
            "that doesn't seem right", "this doesn't seem right", "that is not possible", "that's not possible", "wait no", "wait, no",
            "no wait", "no, wait", "oops", "i forgot", "something is wrong", "approach is wrong", "approach was wrong",
            "approach is incorrect", "assumption is wrong", "assumption was wrong",
        ],
        }.ToImmutableDictionary();

    private sealed record Phrase(string Text, StepCategory Category, bool IsInterjection);
}

/// <summary>A phrase that stands in a text.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Category">What it indicates.</param>
/// <param name="IsInterjection">Whether it counts only in the first sentence of a step, and there as an interjection.</param>
internal readonly record struct MarkerMatch(TextSpan Span, StepCategory Category, bool IsInterjection);
