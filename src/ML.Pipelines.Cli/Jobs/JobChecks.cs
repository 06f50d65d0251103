using System.Globalization;
using ML.Pipelines.Pruning;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>What no option shows alone: the order of stages, and options that must fit together.</summary>
internal static class JobChecks
{
    public static void Check(IReadOnlyList<ReadStage> stages, IReadOnlyList<ReadModel> models, JobErrors errors)
    {
        Order(stages, errors);
        if (stages.FirstOrDefault(stage => stage.Options.Name == "segment") is { } segment) Segment(segment, errors);
        string[] names = [.. models.Select(model => model.Name)];
        foreach (var stage in stages)
            foreach (var option in stage.Options.Names.Where(option => option is "scorer" or "teacher")) Model(stage, option, names, errors);
        foreach (var model in models) Server(model, errors);
        if (stages.FirstOrDefault(stage => stage.Options.Name == "compress") is { } compress) Rates(compress, errors);
        if (stages.FirstOrDefault(stage => stage.Options.Name == "prune") is { } prune) Prune(prune, errors);
        if (stages.FirstOrDefault(stage => stage.Options.Name == "select-rate") is { } select) SelectRate(select, errors);
    }

    private static void Order(IReadOnlyList<ReadStage> stages, JobErrors errors)
    {
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stage in stages)
        {
            var name = stage.Options.Name;
            if (before.Contains(name)) Fail(stage, "is listed twice. Keep one.");
            else if (name == "adapt" && before.Count > 0) Fail(stage, "must be the first stage, because the others read what it makes.");
            else if (name is "prune" or "classify" && !before.Contains("segment")) Fail(stage, "needs the stage segment before it.");
            before.Add(name);
        }

        void Fail(ReadStage stage, string message) => errors.Add(stage.Node.Place, $"stages.{stage.Options.Name}", message);
    }

    private static void Segment(ReadStage stage, JobErrors errors)
    {
        var (target, most) = (stage.Options.Integer("targetSentences"), stage.Options.Integer("maxSentences"));
        if (most < target)
            errors.Add(stage.PlaceOf("maxSentences"), "stages.segment.maxSentences",
                $"{most} is less than targetSentences, {target}. Give at least as many.");
    }

    private static void Model(ReadStage stage, string option, string[] models, JobErrors errors)
    {
        var name = stage.Options.Text(option);
        if (name.Length > 0 && !models.Contains(name))
            errors.Add(stage.PlaceOf(option), $"stages.{stage.Options.Name}.{option}",
                $"there is no model '{name}'. {(models.Length == 0 ? "Name one in models." : Spelling.Suggest(name, models))}");
    }

    private static void Rates(ReadStage stage, JobErrors errors)
    {
        foreach (var rate in stage.Options.TextList("rates"))
            if (!IsShare(rate))
                errors.Add(stage.PlaceOf("rates"), "stages.compress.rates", $"'{rate}' is no share of words. Give numbers above 0 and below 1, e.g. 0.5.");
    }

    private static void SelectRate(ReadStage stage, JobErrors errors)
    {
        var options = stage.Options;
        if (options.TextMap("rates").Keys.FirstOrDefault(rate => !IsShare(rate)) is { } wrong)
            Fail("rates", $"'{wrong}' is no share of words. Give numbers above 0 and below 1, e.g. 0.5.");
        if (options.TextMap("rates").Values.Any(string.IsNullOrEmpty)) Fail("rates", "a rate has no column. Name the column of its chains.");
        if (options.Integer("needed") > options.Integer("repeats"))
            Fail("needed", $"{options.Integer("needed")} is more than repeats, {options.Integer("repeats")}. Give at most as many.");
        Command("trainer.command", ["{data}", "{out}"]);
        if (options.TextList("trainer.predict").Count > 0) Command("trainer.predict", ["{data}", "{model}", "{out}"]);
        if (options.Text("trainer.base").Length > 0 && !Has("trainer.command", "{base}"))
            Fail("trainer.base", "trainer.command lacks {base}, so that it would not be what is trained. Put {base} where the command takes the model.");

        void Command(string option, string[] required)
        {
            if (options.TextList(option).Count > 0 && required.FirstOrDefault(name => !Has(option, name)) is { } missing)
                Fail(option, $"lacks {missing}. Put it where the command takes that path.");
        }

        bool Has(string option, string name) => options.TextList(option).Any(part => part.Contains(name, StringComparison.Ordinal));

        void Fail(string option, string message) => errors.Add(stage.PlaceOf(option), $"stages.select-rate.{option}", message);
    }

    private static bool IsShare(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 1;

    private static void Server(ReadModel model, JobErrors errors)
    {
        if (model.Options.Type != ModelType.Openai) return;
        if (!Uri.TryCreate(model.Options.Text("url"), UriKind.Absolute, out _))
            Fail("url", $"'{model.Options.Text("url")}' is no address. Give the server's, e.g. http://localhost:8000/v1.");
        if (model.Options.Text("served").Length == 0) Fail("served", "missing, but required. Give the model's name at the server.");

        void Fail(string option, string message) => errors.Add(model.PlaceOf(option), $"models.{model.Name}.{option}", message);
    }

    private static void Prune(ReadStage stage, JobErrors errors)
    {
        var options = stage.Options;
        if (!options.Text("prefix").Contains("{question}", StringComparison.Ordinal))
            Fail("prefix", "lacks {question}, so the question would not be in the context. Put it where the question goes.");
        if (options.Choice<PruningScope>("scope") == PruningScope.Corpus && options.Choice<PruningMethod>("method") == PruningMethod.Rule)
            Fail("scope", "corpus needs scores, which method rule has not. Take solution.");

        void Fail(string option, string message) => errors.Add(stage.PlaceOf(option), $"stages.prune.{option}", message);
    }
}
