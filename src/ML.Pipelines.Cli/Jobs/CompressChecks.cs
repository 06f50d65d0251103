using System.Globalization;
using ML.Pipelines.Compression;
using ML.Pipelines.Rewriting;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>What the options of the stage compress must have in common: a compressor has its own.</summary>
internal static class CompressChecks
{
    private static readonly string[] OfTeacher = ["teacher", "prompt", "retries", "temperature", "maxOutputTokens"];
    private static readonly string[] OfSelfInformation = ["method", "protect", "maxSegments"];

    public static void Check(ReadStage stage, IReadOnlyList<ReadModel> models, JobErrors errors)
    {
        var options = stage.Options;
        Rates(stage, errors);
        if (options.Choice<ChainCompressor>("compressor") == ChainCompressor.Teacher)
        {
            if (options.Text("teacher").Length == 0)
                Fail("teacher", "missing, but required of compressor teacher. Name a model, or take compressor self-information.");
            foreach (var option in OfSelfInformation.Where(options.IsChanged))
                Fail(option, "is read by compressor self-information alone. Remove it, or take that compressor.");
            return;
        }
        foreach (var option in OfTeacher.Where(options.IsChanged))
            Fail(option, "is for a teacher, which compressor self-information does not ask. Remove it, or take compressor teacher.");
        if (options.IsChanged("seed") && options.Choice<CompressionMethod>("method") != CompressionMethod.Random)
            Fail("seed", "seeds a teacher or method random, and there is neither. Remove it.");
        if (options.TextList("rates").Count == 0)
            Fail("rates", "missing, but required of compressor self-information. Give the shares of words to take out.");
        if (options.Text("scorer").Length == 0)
            Fail("scorer", "missing, but required of compressor self-information. Name the model that scores words.");
        if (models.FirstOrDefault(model => model.Name == options.Text("scorer")) is { } scorer
            && scorer.Options.Type == ModelType.Openai && scorer.Options.Text("tokenizer").Length == 0)
            errors.Add(scorer, "tokenizer",
                "missing, but required of a scorer of words on a server. Give the folder of the served model's tokenizer.json.");

        void Fail(string option, string message) => errors.Add(stage, option, message);
    }

    private static void Rates(ReadStage stage, JobErrors errors)
    {
        var texts = stage.Options.TextList("rates");
        var rates = texts.Select(text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? rate : double.NaN).ToArray();
        foreach (var (text, rate) in texts.Zip(rates))
            if (rate is not (> 0 and < 1)) Fail("rates", $"'{text}' is no share of words. Give numbers above 0 and below 1, e.g. 0.5.");
        var layout = stage.Options.Choice<RateLayout>("layout");
        if (rates.All(rate => rate is > 0 and < 1) && CompressionRates.Fault(rates, layout) is { } fault) Fail("rates", $"{fault}.");
        if (!CompressionRates.Fits(layout, stage.Options.Choice<ShorteningFallback>("fallback")))
            Fail("fallback", $"{CompressionRates.FallbackFault}.");

        void Fail(string option, string message) => errors.Add(stage, option, message);
    }
}
