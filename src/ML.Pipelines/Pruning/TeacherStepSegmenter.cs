using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ML.Pipelines.Teachers;
using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>Has a teacher divide chains into steps (LIMOPro, arXiv 2505.19187, section 2.3 and figure 6).</summary>
/// <remarks>
/// A division counts only where its sentences together are the chain, white space aside: steps are spans of the chain, and what is kept of
/// it stays byte-identical. Otherwise the teacher is asked once more with what was wrong; then the fallback divides.
/// </remarks>
public sealed class TeacherStepSegmenter : IStepSegmenter
{
    private const string StageName = "segment";
    private static readonly string[] Known = ["reasoning"];

    private readonly Teacher _teacher;
    private readonly PromptTemplate _prompt;
    private readonly IStepSegmenter _fallback;

    /// <summary>A segmenter.</summary>
    /// <param name="teacher">The teacher; stays the caller's to dispose of.</param>
    /// <param name="prompt">What is said to it; null: <c>pir-segment</c>.</param>
    /// <param name="fallback">Divides what the teacher could not; null: <see cref="StepSegmenter"/>.</param>
    public TeacherStepSegmenter(Teacher teacher, PromptTemplate? prompt = null, IStepSegmenter? fallback = null)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        (_teacher, _prompt, _fallback) = (teacher, prompt ?? PromptTemplate.Open("pir-segment"), fallback ?? new StepSegmenter());
        _prompt.Require(Known);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TextSpan>> SegmentAsync(string reasoning, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reasoning);
        if (string.IsNullOrWhiteSpace(reasoning)) return await _fallback.SegmentAsync(reasoning, cancellationToken).ConfigureAwait(false);
        List<ChatMessage> messages = [.. _prompt.Render(new Dictionary<string, string> { ["reasoning"] = reasoning })];
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var reply = await _teacher.AskJsonAsync(new() { RowId = RowId(reasoning), Stage = StageName, Messages = [.. messages], Temperature = 0 },
                cancellationToken).ConfigureAwait(false);
            if (reply.Value is not { } value) break;
            if (Spans(reasoning, Groups(value)) is { } spans) return spans;
            messages.Add(new(ChatRole.Assistant, value.GetRawText()));
            messages.Add(new(ChatRole.User, "The groups together are not the chain of thought: a sentence is missing, changed, added or out of "
                + "order. Divide it again, every character as it is."));
        }
        return await _fallback.SegmentAsync(reasoning, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What stands for a row in the journal: a segmenter knows the chain alone.</summary>
    internal static string RowId(string reasoning) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reasoning)));

    /// <summary>The groups' places in the chain; null where they are not the chain.</summary>
    internal static IReadOnlyList<TextSpan>? Spans(string reasoning, IEnumerable<string> groups)
    {
        var spans = new List<TextSpan>();
        var (start, place) = (0, 0);
        foreach (var group in groups)
        {
            foreach (var letter in group)
            {
                if (char.IsWhiteSpace(letter)) continue;
                while (place < reasoning.Length && char.IsWhiteSpace(reasoning[place])) place++;
                if (place == reasoning.Length || reasoning[place++] != letter) return null;
            }
            // White space after a group is its own; a group without a letter is none.
            while (place < reasoning.Length && char.IsWhiteSpace(reasoning[place])) place++;
            if (place > start) spans.Add(new(start, place));
            start = place;
        }
        return place == reasoning.Length && spans.Count > 0 ? spans : null;
    }

    // A group that is no list of texts makes the whole no division of the chain.
    private static IEnumerable<string> Groups(JsonElement reply) =>
        reply.ValueKind == JsonValueKind.Object && reply.TryGetProperty("sentence_groups", out var groups) && groups.ValueKind == JsonValueKind.Object
            ? groups.EnumerateObject().Select(group => group.Value.ValueKind == JsonValueKind.Array
                ? string.Concat(group.Value.EnumerateArray().Select(sentence => sentence.ValueKind == JsonValueKind.String ? sentence.GetString() + " " : "\0"))
                : "\0")
            : [];
}
