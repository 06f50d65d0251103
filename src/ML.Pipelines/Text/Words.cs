namespace ML.Pipelines.Text;

/// <summary>Words between white space.</summary>
internal static class Words
{
    public static int Count(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}
