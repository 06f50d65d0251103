using System.Globalization;
using System.Text.Json;
using ML.Pipelines.Teachers;
using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>
/// Labels steps by marker phrases, and has a teacher label those that have none (LIMOPro, arXiv 2505.19187, section 2.3 and figure 7).
/// </summary>
/// <remarks>One call a chain, and none where every step has a marker. A step that the reply leaves out, or a reply that cannot be read, leaves
/// the markers' label: progressive, which is never pruned.</remarks>
public sealed class TeacherStepClassifier : IStepClassifier
{
    private const string StageName = "classify";
    private static readonly string[] Known = ["steps"];

    private static readonly Dictionary<string, StepCategory> Patterns = new(StringComparer.Ordinal)
    {
        ["regular_reasoning"] = StepCategory.Progressive,
        ["backtracking_verification"] = StepCategory.Verification,
        ["multiple_verification"] = StepCategory.MultiMethodValidation,
        ["error_correction"] = StepCategory.ErrorCorrection,
    };

    private readonly Teacher _teacher;
    private readonly PromptTemplate _prompt;
    private readonly IStepClassifier _markers;

    /// <summary>A classifier.</summary>
    /// <param name="teacher">The teacher; stays the caller's to dispose of.</param>
    /// <param name="prompt">What is said to it; null: <c>pir-classify</c>.</param>
    /// <param name="markers">Labels by phrases; null: <see cref="MarkerStepClassifier"/>.</param>
    public TeacherStepClassifier(Teacher teacher, PromptTemplate? prompt = null, IStepClassifier? markers = null)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        (_teacher, _prompt, _markers) = (teacher, prompt ?? PromptTemplate.Open("pir-classify"), markers ?? new MarkerStepClassifier());
        _prompt.Require(Known);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StepLabel>> ClassifyAsync(
        string reasoning, IReadOnlyList<TextSpan> steps, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reasoning);
        ArgumentNullException.ThrowIfNull(steps);
        var labels = (await _markers.ClassifyAsync(reasoning, steps, cancellationToken).ConfigureAwait(false)).ToArray();
        if (Array.TrueForAll(labels, label => label.Marker is not null)) return labels;
        var numbered = string.Join("\n\n", steps.Select((step, i) => string.Create(CultureInfo.InvariantCulture,
            $"group{i + 1}: {step.In(reasoning).Trim()}")));
        var reply = await _teacher.AskJsonAsync(new()
        {
            RowId = TeacherStepSegmenter.RowId(reasoning),
            Stage = StageName,
            Messages = _prompt.Render(new Dictionary<string, string> { ["steps"] = numbered }),
            Temperature = 0,
        }, cancellationToken).ConfigureAwait(false);
        if (reply.Value is { } value) Apply(value, labels);
        return labels;
    }

    private static void Apply(JsonElement reply, StepLabel[] labels)
    {
        if (reply.ValueKind != JsonValueKind.Object || !reply.TryGetProperty("patterns", out var patterns) || patterns.ValueKind != JsonValueKind.Object) return;
        var told = new HashSet<int>();
        foreach (var pattern in patterns.EnumerateObject().Where(pattern => pattern.Value.ValueKind == JsonValueKind.Array))
        {
            if (!Patterns.TryGetValue(pattern.Name, out var category)) continue;
            foreach (var entry in pattern.Value.EnumerateArray())
            {
                var step = Index(entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("id", out var id) ? id : entry, labels.Length);
                // A step has one label: of several, the first counts.
                if (step is not { } index || labels[index].Marker is not null || !told.Add(index)) continue;
                labels[index] = new(category, null, category == StepCategory.ErrorCorrection ? Related(entry, index) : null);
            }
        }
    }

    private static int? Related(JsonElement entry, int step) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("relates_to", out var other) ? Index(other, step) : null;

    private static int? Index(JsonElement id, int count)
    {
        const string Prefix = "group";
        return id.ValueKind == JsonValueKind.String && id.GetString() is { } name && name.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= count ? number - 1 : null;
    }
}
