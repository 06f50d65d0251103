using Microsoft.ML.Data;
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

    internal TeacherCompressionEstimator(StageContext context, Teacher teacher, TeacherCompressionOptions options, ChainTools tools) : base(context, options, tools) =>
        (_teacher, _options, _tools) = (teacher, options, tools);

    private protected override IEnumerable<OutputColumn<ShortenedRow>> OwnOutputs => _options.Rates.Count == 0
        ? []
        : [OutputColumn<ShortenedRow>.Create("rate", NumberDataViewType.Double, row => row.Rate!.Value)];

    private protected override ShorteningStage CreateStage() => new(
        new TeacherCompressionMethod(), _teacher, _options, _options.Rates.Count == 0 ? [null] : [.. _options.Rates.Select(rate => (double?)rate)], _tools);
}
