using ML.Pipelines.Text;

namespace ML.Pipelines.Pruning;

/// <summary>Removal is a span cut: steps that leave a gap or overlap would lose or repeat text.</summary>
internal static class StepCoverage
{
    /// <summary>The offset where steps cease to be adjacent, non-empty and together the whole text; null where they are.</summary>
    public static int? FaultIn(string reasoning, IEnumerable<TextSpan> steps)
    {
        var end = 0;
        foreach (var step in steps)
        {
            if (step.Start != end || step.End <= step.Start) return end;
            end = step.End;
        }
        return end == reasoning.Length ? null : end;
    }
}
