namespace ML.Pipelines.Tests.Text;

/// <summary>Traces of a small reasoning model on AIME 2024; origin and licence are in Data/LICENSE.</summary>
internal static class RealTraces
{
    public static readonly string[] Ids = ["aime24-60-8192", "aime24-64-2048", "aime24-67-2048", "aime24-72-2048"];

    public static string Response(string id)
    {
        using Stream stream = typeof(RealTraces).Assembly.GetManifestResourceStream($"traces/{id}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static string Reasoning(string id)
    {
        string response = Response(id).Replace("<think>\n", "", StringComparison.Ordinal);
        int end = response.LastIndexOf("</think>", StringComparison.Ordinal);
        return end < 0 ? response : response[..end];
    }
}
