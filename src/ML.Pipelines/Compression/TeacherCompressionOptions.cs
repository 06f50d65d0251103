using System.Globalization;
using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Compression;

/// <summary>Options of <c>CompressChainOfThought</c> by a teacher.</summary>
public sealed record TeacherCompressionOptions : TeacherShorteningOptions
{
    /// <summary>The shares of words to take out, each above 0 and below 1; none: as much as possible.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [];

    /// <summary>Whether each rate makes a row, or all are columns of one: <c>short_50</c> (in percent), or without rates
    /// <c>short</c>.</summary>
    public RateLayout Layout { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Prompt.Require(TeacherCompressionMethod.Known);
        if (CompressionRates.Fault(Rates, Layout) is { } fault) throw Invalid(fault);
        if (!CompressionRates.Fits(Layout, Fallback)) throw Invalid($"fallback: {CompressionRates.FallbackFault}");
        if (Rates.Count == 0 && Prompt.Placeholders.Contains("rate"))
            throw Invalid($"prompt '{Prompt.Name}' asks for {{{{rate}}}}, but no rates are given");
        if (Rates.Count > 0 && !Prompt.Placeholders.Contains("rate"))
            throw Invalid($"rates are given, but prompt '{Prompt.Name}' has no {{{{rate}}}}");
    }
}

/// <summary>Compression of the chain alone; the answer is copied, never written anew (C3oT, arXiv 2412.11664, section 3.1).</summary>
internal sealed class TeacherCompressionMethod : IShorteningMethod
{
    public const string StageName = "compress";

    public string Name => StageName;

    /// <summary>What prompts may ask for.</summary>
    public static IReadOnlyList<string> Known { get; } = ["question", "reasoning", "answer", "rate"];

    public IReadOnlyDictionary<string, string> Values(ChainRow row, string answer, double? rate)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["question"] = row.Question,
            ["reasoning"] = row.Reasoning,
            ["answer"] = answer,
        };
        if (rate is { } share) values["rate"] = (100 * share).ToString("0.#", CultureInfo.InvariantCulture);
        return values;
    }

    public (ShortChain? Chain, (string Verdict, string Feedback)? Fault) Read(ChainRow row, string reply) => (new(reply.Trim()), null);
}
