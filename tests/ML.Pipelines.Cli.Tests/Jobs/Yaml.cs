using ML.Pipelines.Cli.Jobs;

namespace ML.Pipelines.Cli.Tests.Jobs;

/// <summary>A small right job, and what the reader says of a wrong one.</summary>
internal static class Yaml
{
    public const string Right = """
        name: demo
        input:
          files: traces.jsonl
        output:
          folder: out
        models:
          scorer:
            type: onnx
        stages:
          - adapt
          - segment
          - prune:
              scorer: scorer
              ratio: 0.5
          - format
        """;

    public static Job Read(string yaml = Right, params string[] overrides) =>
        Job.Parse(yaml, "pir.yaml", overrides.Select(JobOverride.Parse));

    public static string Changed(string part, string by)
    {
        Assert.Contains(part, Right);
        return Right.Replace(part, by, StringComparison.Ordinal);
    }

    public static string Errors(string yaml, params string[] overrides)
    {
        var exception = Assert.ThrowsExactly<PipelineException>(() => Read(yaml, overrides));
        Assert.AreEqual(ErrorCode.Configuration, exception.Code);
        return exception.Message;
    }

    public static string ErrorsWith(string part, string by) => Errors(Changed(part, by));

    /// <summary>A file of the repository that the test assembly embeds.</summary>
    public static string Embedded(string name)
    {
        using var reader = new StreamReader(typeof(Yaml).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
