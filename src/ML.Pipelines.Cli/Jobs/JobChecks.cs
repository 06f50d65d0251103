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
        foreach (var model in models)
        {
            Foreign(model, errors);
            if (model.Options.Type == ModelType.Openai) Server(model, errors);
            else Local(model, errors);
        }
        if (stages.FirstOrDefault(stage => stage.Options.Name == "compress") is { } compress) CompressChecks.Check(compress, models, errors);
        if (stages.FirstOrDefault(stage => stage.Options.Name == "prune") is { } prune) Prune(prune, errors);
        if (stages.FirstOrDefault(stage => stage.Options.Name == "select-rate") is { } select) SelectRateStage.Check(select, errors);
        foreach (var stage in stages) FormatStages.Check(stage, errors);
    }

    private static void Order(IReadOnlyList<ReadStage> stages, JobErrors errors)
    {
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stage in stages)
        {
            var name = stage.Options.Name;
            if (before.Contains(name)) Fail(stage, "is listed twice. Keep one.");
            else if (name == "adapt" && before.Any(earlier => !FilterStages.IsOfSources(earlier)))
                Fail(stage, "must be the first stage, or come after filters of sources, because the others read what it makes.");
            else if (name is "prune" or "classify" && !before.Contains("segment")) Fail(stage, "needs the stage segment before it.");
            before.Add(name);
        }

        void Fail(ReadStage stage, string message) => errors.Add(stage.Node.Place, $"stages.{stage.Options.Name}", message);
    }

    private static void Segment(ReadStage stage, JobErrors errors)
    {
        var (target, most) = (stage.Options.Integer("targetSentences"), stage.Options.Integer("maxSentences"));
        if (most < target)
            errors.Add(stage, "maxSentences",
                $"{most} is less than targetSentences, {target}. Give at least as many.");
    }

    private static void Model(ReadStage stage, string option, string[] models, JobErrors errors)
    {
        var name = stage.Options.Text(option);
        if (name.Length > 0 && !models.Contains(name))
            errors.Add(stage, option,
                $"there is no model '{name}'. {(models.Length == 0 ? "Name one in models." : Spelling.Suggest(name, models))}");
    }

    private static void Foreign(ReadModel model, JobErrors errors)
    {
        foreach (var option in JobSchema.Foreign(model.Options.Type).Where(model.Options.Given.ContainsKey))
            errors.Add(model, option,
                $"is no option of type {ChoiceNames.Of(model.Options.Type)}. Remove it, or set the other type.");
    }

    private static void Local(ReadModel model, JobErrors errors)
    {
        if (model.Options.Text("templateDate") is { Length: > 0 } date && ModelOptions.Day(date) is null)
            errors.Add(model, "templateDate", $"'{date}' is no day. Write it as 2026-07-31.");
    }

    private static void Server(ReadModel model, JobErrors errors)
    {
        if (!Uri.TryCreate(model.Options.Text("url"), UriKind.Absolute, out _))
            Fail("url", $"'{model.Options.Text("url")}' is no address. Give the server's, e.g. http://localhost:8000/v1.");
        if (model.Options.Text("served").Length == 0) Fail("served", "missing, but required. Give the model's name at the server.");

        void Fail(string option, string message) => errors.Add(model, option, message);
    }

    private static void Prune(ReadStage stage, JobErrors errors)
    {
        var options = stage.Options;
        if (!options.Text("prefix").Contains("{question}", StringComparison.Ordinal))
            Fail("prefix", "lacks {question}, so the question would not be in the context. Put it where the question goes.");
        if (options.Choice<PruningScope>("scope") == PruningScope.Corpus && options.Choice<PruningMethod>("method") == PruningMethod.Rule)
            Fail("scope", "corpus needs scores, which method rule has not. Take solution.");

        void Fail(string option, string message) => errors.Add(stage, option, message);
    }
}
