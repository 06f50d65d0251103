using ML.Pipelines.Compression;
using ML.Pipelines.Rewriting;
using ML.Pipelines.Teachers;

namespace ML.Pipelines;

/// <content>Shorter chains by a teacher.</content>
public sealed partial class TrainingSetsCatalog
{
    /// <summary>Asks a teacher how hard each question is: simple, moderate or hard (DAP).</summary>
    /// <param name="outputColumnName">The column of levels to make.</param>
    /// <param name="teacher">The teacher; stays the caller's to dispose of.</param>
    /// <param name="options">Prompt and columns; null for the defaults.</param>
    public JudgingEstimator JudgeDifficulty(string outputColumnName, Teacher teacher, JudgingOptions? options = null) =>
        new(Stages, outputColumnName, teacher, options ?? new() { Prompt = PromptTemplate.Open("dap-judge") });

    /// <summary>Rewrites chains in the frame of their difficulty, and checks each (DAP: LiteCoT).</summary>
    /// <param name="teacher">The teacher; stays the caller's to dispose of.</param>
    /// <param name="options">Prompt, gates, policies; null for the defaults.</param>
    /// <param name="tools">Counts tokens, scores answers, prunes; null: words instead of tokens, and no model.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: an option is out of range, or the prompt needs a value
    /// that is not there.</exception>
    public RewritingEstimator RewriteByDifficulty(Teacher teacher, RewritingOptions? options = null, ChainTools? tools = null) =>
        new(Stages, teacher, options ?? new() { Prompt = PromptTemplate.Open("dap-rewrite") }, tools ?? new());

    /// <summary>Compresses chains, as far as possible or at rates, and checks each (C3oT).</summary>
    /// <param name="teacher">The teacher; stays the caller's to dispose of.</param>
    /// <param name="options">Prompt, rates, gates, policies; null for the defaults.</param>
    /// <param name="tools">Counts tokens, scores answers, prunes; null: words instead of tokens, and no model.</param>
    /// <exception cref="PipelineException">As <see cref="RewriteByDifficulty"/>.</exception>
    public TeacherCompressionEstimator CompressChainOfThought(Teacher teacher, TeacherCompressionOptions? options = null, ChainTools? tools = null) =>
        new(Stages, teacher, options ?? new() { Prompt = PromptTemplate.Open("c3ot-compress") }, tools ?? new());

    /// <summary>Compresses chains to rates without a teacher, by the self-information of their words, and checks each as a teacher's.</summary>
    /// <param name="scorer">Where scores come from, for example a <see cref="JournalingWordScorer"/>.</param>
    /// <param name="options">Rates, how words are chosen, gates, policies.</param>
    /// <param name="tools">As for a teacher.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: an option is out of range, or needs a scorer in the
    /// tools.</exception>
    public ChainCompressionEstimator CompressChainOfThought(IWordScorer scorer, ChainCompressionOptions options, ChainTools? tools = null) =>
        new(Stages, scorer, options, tools ?? new());
}
