using ML.Pipelines.Pruning;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>What no option shows alone: the order of stages, and options that must fit together.</summary>
internal static class JobChecks
{
    public static void Check(IReadOnlyList<ReadStage> stages, IReadOnlyList<ReadModel> models, JobErrors errors)
    {
        Order(stages, errors);
        if (stages.FirstOrDefault(stage => stage.Options.Name == "segment") is { } segment) Segment(segment, errors);
        if (stages.FirstOrDefault(stage => stage.Options.Name == "prune") is { } prune)
            Prune(prune, [.. models.Select(model => model.Name)], errors);
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

    private static void Prune(ReadStage stage, string[] models, JobErrors errors)
    {
        var options = stage.Options;
        var scorer = options.Text("scorer");
        if (scorer.Length > 0 && !models.Contains(scorer))
            Fail("scorer",
                $"there is no model '{scorer}'. {(models.Length == 0 ? "Name one in models." : Spelling.Suggest(scorer, models))}");
        if (!options.Text("prefix").Contains("{question}", StringComparison.Ordinal))
            Fail("prefix", "lacks {question}, so the question would not be in the context. Put it where the question goes.");
        if (options.Choice<PruningScope>("scope") == PruningScope.Corpus && options.Choice<PruningMethod>("method") == PruningMethod.Rule)
            Fail("scope", "corpus needs scores, which method rule has not. Take solution.");

        void Fail(string option, string message) => errors.Add(stage.PlaceOf(option), $"stages.prune.{option}", message);
    }
}
