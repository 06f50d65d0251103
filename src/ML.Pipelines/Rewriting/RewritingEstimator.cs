using ML.Pipelines.Stages;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Rewriting;

/// <summary>Difficulty-aware rewriting (DAP: LiteCoT, arXiv 2505.19716); see <see cref="ShorteningEstimator"/>.</summary>
public sealed class RewritingEstimator : ShorteningEstimator
{
    private readonly Teacher _teacher;
    private readonly RewritingOptions _options;
    private readonly ChainTools _tools;

    internal RewritingEstimator(StageContext context, Teacher teacher, RewritingOptions options, ChainTools tools) : base(context, options, tools, options.Prompt) =>
        (_teacher, _options, _tools) = (teacher, options, tools);

    private bool NeedsLevel => _options.Prompt.Placeholders.Any(name => name is "level" or "frame");

    private protected override string DifficultyColumn => _options.DifficultyColumn;

    private protected override IEnumerable<(string Name, string Option)> RequiredColumns =>
        NeedsLevel ? [.. base.RequiredColumns, (_options.DifficultyColumn, "difficultyColumn")] : base.RequiredColumns;

    private protected override IEnumerable<OutputColumn<ShortenedRow>> OwnOutputs =>
    [
        OutputColumn<ShortenedRow>.Text(_options.SolutionColumn, row => row.Chain.Solution, nullable: true),
        OutputColumn<ShortenedRow>.Text(_options.DifficultyColumn, row => row.Chain.Difficulty is { } level ? DifficultyFrame.NameOf(level) : null, nullable: true),
    ];

    private protected override ShorteningStage CreateStage() => new(new TeacherChains(new RewritingMethod(_options), _teacher, _options), _options, [null], RateLayout.Rows, _tools);
}
