using ML.Pipelines.Rewriting;
using ML.Pipelines.Stages;
using ML.Pipelines.Teachers;

namespace ML.Pipelines.Compression;

/// <summary>Compression of chains by a teacher (C3oT, arXiv 2412.11664); see <see cref="ShorteningEstimator"/>.</summary>
public sealed class TeacherCompressionEstimator : ShorteningEstimator
{
    private readonly Teacher _teacher;
    private readonly TeacherCompressionOptions _options;
    private readonly ChainTools _tools;

    internal TeacherCompressionEstimator(StageContext context, Teacher teacher, TeacherCompressionOptions options, ChainTools tools)
        : base(context, options, tools, options.Prompt) => (_teacher, _options, _tools) = (teacher, options, tools);

    private protected override IEnumerable<OutputColumn<ShortenedRow>> OwnOutputs => CompressionRates.Outputs(_options.Rates, _options.Layout);

    private protected override ShorteningStage CreateStage() => new(new TeacherChains(new TeacherCompressionMethod(), _teacher, _options),
        _options, CompressionRates.OrMost(_options.Rates), _options.Layout, _tools);
}
