using System.Globalization;
using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Compression;

/// <summary>Options of <c>CompressChainOfThought</c> by a teacher.</summary>
public sealed record TeacherCompressionOptions : ShorteningOptions
{
    /// <summary>The shares of words to take out, each above 0 and below 1; each gives an output row. None: as much as possible, one row.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [];

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Prompt.Require(TeacherCompressionMethod.Known);
        if (Rates.FirstOrDefault(rate => !(rate is > 0 and < 1)) is not 0 and var wrong)
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"a rate is {wrong}; it must be above 0 and below 1"));
        if (Rates.Distinct().Count() != Rates.Count) throw Invalid("a rate is listed twice");
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
