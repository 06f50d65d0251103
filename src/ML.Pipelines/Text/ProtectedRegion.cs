namespace ML.Pipelines.Text;

/// <summary>A formula or a piece of code, in which no sentence ends.</summary>
/// <param name="Start">The opening delimiter's offset.</param>
/// <param name="End">The offset after the closing delimiter.</param>
/// <param name="IsDisplay">Whether it is set apart from the line: <c>$$</c>, <c>\[</c>, an environment or a code fence.</param>
internal readonly record struct ProtectedRegion(int Start, int End, bool IsDisplay);
