using ML.Pipelines.Filtering;

namespace ML.Pipelines;

/// <content>Filters of source data.</content>
public sealed partial class TrainingSetsCatalog
{
    /// <summary>Drops competition problems that cannot train; see <see cref="MathSourceFilter.DropReason"/>.</summary>
    /// <param name="options">Columns, sources, length; null for the defaults.</param>
    public FilterEstimator FilterMathSources(MathSourceOptions? options = null) => new(Stages, MathSourceFilter.Filter(options ?? new()));

    /// <summary>Drops programming problems that cannot train; see <see cref="CodeSourceFilter.DropReason"/>.</summary>
    /// <param name="options">Columns, length, verdict; null for the defaults.</param>
    public FilterEstimator FilterCodeSources(CodeSourceOptions? options = null) => new(Stages, CodeSourceFilter.Filter(options ?? new()));

    /// <summary>Keeps a random choice of rows, of all or of each group (<see cref="RowSample"/>): science questions 2 a topic, puzzles
    /// 2,000 (small-thoughts of DAP / LiteCoT).</summary>
    /// <remarks>Fit reads all rows once and learns the numbers of those that stay; a run keeps them in its plan, so its slices agree.
    /// Drops <see cref="RowSample.NotChosen"/>, <see cref="RowSample.NoGroup"/>.</remarks>
    /// <param name="options">How many, of what, by which seed.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>.</exception>
    public FilterEstimator SampleRows(RowSampleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new(Stages, RowSample.Filter(options));
    }

    /// <summary>Drops each row whose text is like that of an earlier row that stays (<see cref="FuzzyFilters.NearDuplicate"/>): the
    /// first of each cluster stays.</summary>
    /// <remarks>Fit reads all rows and learns which go; a run keeps them in its plan, so its slices agree.</remarks>
    /// <param name="inputColumnName">The text column, for example of questions.</param>
    /// <param name="options">Ratio and id column; null for the defaults.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>; in Fit <see cref="ErrorCode.DuplicateId"/>.</exception>
    public FilterEstimator DeduplicateFuzzily(string inputColumnName, FuzzyFilterOptions? options = null)
    {
        options ??= new();
        options.Validate();
        return new(Stages, FuzzyFilters.Deduplication(inputColumnName, options));
    }

    /// <summary>Drops each row whose text is like one of some references (<see cref="FuzzyFilters.Contaminated"/>).</summary>
    /// <param name="inputColumnName">The text column, for example of questions.</param>
    /// <param name="references">The texts of benchmarks, for example of <see cref="FuzzyFilters.ReadReferences"/>.</param>
    /// <param name="options">Ratio and id column; null for the defaults.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>.</exception>
    public FilterEstimator Decontaminate(string inputColumnName, IEnumerable<string> references, FuzzyFilterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(references);
        options ??= new();
        options.Validate();
        return new(Stages, FuzzyFilters.Decontamination(inputColumnName, references, options));
    }
}
