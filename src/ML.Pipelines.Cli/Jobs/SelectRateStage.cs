using System.Globalization;
using ML.Pipelines.Compression;
using ML.Pipelines.Training;
using Option = ML.Pipelines.Cli.Jobs.OptionDefinition;

namespace ML.Pipelines.Cli.Jobs;

/// <summary>The part of <see cref="JobSchema"/>'s table with the stage that trains models to select rates.</summary>
internal static class SelectRateStage
{
    private static readonly RateSelectionOptions Select = new() { Rates = [] };

    /// <summary>The stage.</summary>
    public static SectionDefinition Definition => new("select-rate",
        "Trains models to select each row's compression rate: the highest at which its answer is predicted (C3oT_Adapt).",
        [
            Option.TextMap("rates", "The columns of compressed chains by rate, the share of words taken out, above 0 and below 1, e.g. "
                + "0.5: short_50.", []) with { Requirement = Requirement.InFile },
            Option.Integer("folds", "Into how many parts the open rows of a rate are divided; a model trained on the others predicts each.",
                Select.Folds, 2),
            Option.Integer("repeats", "How often a row is predicted at a rate, each time from another division and seed.",
                Select.Repeats, 1),
            Option.Integer("needed", "How many of these predictions must be correct; at most repeats.", Select.Needed, 1),
            Option.Integer("seed", "Seeds divisions and trainings.", Select.Seed),
            Option.TextList("trainer.command", "The program that trains, and its arguments, with {data}, {out}, {base} and {seed} in them.")
                with { Requirement = Requirement.InFile },
            Option.Text("trainer.base", "What {base} stands for: the model to start from, a name or a path as the program takes it."),
            Option.TextList("trainer.predict", "The program that asks a trained model, and its arguments, with {data}, {model} and {out} "
                + "in them; without it, {out} of the training is a folder that a model of type onnx has."),
            Folder("trainer.out", "The local folder where trained models are kept; without it, trainings in the output's folder."),
            Folder("trainer.data", "The local folder where training data is written; without it, beside each model."),
            Option.Text("questionColumn", "The column of questions.", Select.QuestionColumn),
            Option.Text("answerColumn", "The column of answers.", Select.AnswerColumn),
            Option.Text("outputColumn", "The column of the row's chain at its rate.", "short"),
            JobSchema.MaxOutputTokens, JobSchema.Concurrency,
        ]);

    /// <summary>What no option shows alone.</summary>
    public static void Check(ReadStage stage, JobErrors errors)
    {
        var options = stage.Options;
        if (options.TextMap("rates").Keys.FirstOrDefault(rate => !IsShare(rate)) is { } wrong)
            Fail("rates", $"'{wrong}' is no share of words. Give numbers above 0 and below 1, e.g. 0.5.");
        else if (options.TextMap("rates").Keys.GroupBy(rate => double.Parse(rate, CultureInfo.InvariantCulture)).FirstOrDefault(same => same.Count() > 1) is { } twice)
            Fail("rates", $"{string.Join(" and ", twice)} are one rate. Keep one.");
        if (RateSelectionEstimator.EvidenceColumns.Contains(options.Text("outputColumn")))
            Fail("outputColumn", $"'{options.Text("outputColumn")}' is a column that the stage writes beside it. Give another name.");
        foreach (var option in new[] { "trainer.out", "trainer.data" })
            if (options.Text(option).Contains("://", StringComparison.Ordinal))
                Fail(option, $"'{options.Text(option)}' is no local folder, which commands need. Give one.");
        if (options.TextMap("rates").Values.Any(string.IsNullOrEmpty))
            Fail("rates", "a rate has no column. Name the column of its chains.");
        if (options.Integer("needed") > options.Integer("repeats"))
            Fail("needed", $"{options.Integer("needed")} is more than repeats, {options.Integer("repeats")}. Give at most as many.");
        Require("trainer.command", CommandLine.Data, CommandLine.Out);
        Require("trainer.predict", CommandLine.Data, CommandLine.Model, CommandLine.Out);
        if (options.Text("trainer.base").Length > 0 && !Has("trainer.command", CommandLine.Base))
            Fail("trainer.base", "trainer.command lacks {base}, so that it would not be what is trained. Put {base} where the command "
                + "takes the model.");

        void Require(string option, params string[] names)
        {
            if (options.TextList(option).Count > 0 && names.FirstOrDefault(name => !Has(option, name)) is { } missing)
                Fail(option, $"lacks {missing}. Put it where the command takes that path.");
        }

        bool Has(string option, string name) => options.TextList(option).Any(part => part.Contains(name, StringComparison.Ordinal));

        void Fail(string option, string message) => errors.Add(stage, option, message);
    }

    private static OptionDefinition Folder(string name, string description) =>
        Option.Text(name, description) with { Fingerprint = FingerprintRole.Ignored, IsPath = true };

    private static bool IsShare(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 1;
}
