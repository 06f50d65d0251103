using ML.Pipelines.Formatting;

namespace ML.Pipelines;

/// <content>Formats that trainers read.</content>
public sealed partial class TrainingSetsCatalog
{
    /// <summary>Builds the conversation that a fine-tuning trainer reads.</summary>
    /// <param name="outputColumnName">The messages column to make or replace.</param>
    /// <param name="options">Columns and thought tags; null for the defaults.</param>
    public MessageFormattingEstimator FormatMessages(string outputColumnName, MessageOptions? options = null) =>
        new(Stages, outputColumnName, options ?? new());

    /// <summary>Makes the columns of LiteCoT: <c>system_prompt</c>, <c>problem</c>, <c>solution</c> and <c>messages</c>
    /// (DAP, <see cref="LiteCotFormat"/>).</summary>
    /// <remarks>Reads what <see cref="RewriteByDifficulty"/> leaves: chain and solution without tags. The columns of question, chain and
    /// system prompt go. Drops <see cref="LiteCotFormat.NoChain"/>, <see cref="LiteCotFormat.NoSolution"/>.</remarks>
    /// <param name="options">Columns, system prompt, tags; null for the defaults.</param>
    public RowFormattingEstimator<ConversationRow, LiteCotRow> FormatLiteCot(LiteCotOptions? options = null) =>
        new(Stages, LiteCotFormat.Of(options ?? new()));

    /// <summary>Makes a row of each correct chain of a question, from long to short (CoT-Valve's MixChain, arXiv 2502.09601).</summary>
    /// <remarks>Adds <c>tokens</c>, <c>beta</c> (Double, 1 = shortest, 0 = longest), <c>stage</c> (1 = longest) and <c>stages</c>; the
    /// list columns go. Drops <see cref="MixChain.TooFew"/>, <see cref="MixChain.OneLength"/>.</remarks>
    /// <param name="outputColumnName">The column of chains to make.</param>
    /// <param name="options">Columns; null for the defaults.</param>
    public RowFormattingEstimator<ChainListRow, MixedChain> FormatMixChain(string outputColumnName, MixChainOptions? options = null) =>
        new(Stages, PreferenceFormats.MixChain(outputColumnName, options ?? new()));

    /// <summary>Makes bi-level preference pairs of samples of a long and a short reasoner (AdaR1).</summary>
    /// <remarks>Adds <c>instruction</c>, <c>chosen</c>, <c>rejected</c>, <c>kind</c> (group, instance) and <c>weight</c> (Double, 1);
    /// the list columns go. Drops <c>no-answer</c>, <c>choice-answer</c>, <c>no-correct-chain</c>, <c>no-pair</c>.</remarks>
    /// <param name="options">Columns, numbers of pairs, seed; null for the defaults.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: a negative number of pairs.</exception>
    public RowFormattingEstimator<ChainListRow, PreferenceRow> FormatBilevelPreferences(BilevelPreferenceOptions? options = null)
    {
        options ??= new();
        options.Validate();
        return new(Stages, PreferenceFormats.Bilevel(options));
    }

    /// <summary>Makes preference pairs of explored responses, for length and for accuracy (ReCUT, arXiv 2506.10822).</summary>
    /// <remarks>Adds <c>instruction</c>, <c>chosen</c>, <c>rejected</c>, <c>kind</c> (length, accuracy) and <c>weight</c> (Double, 1);
    /// the list columns go. Drops <c>no-correct-chain</c>, <c>no-pair</c>.</remarks>
    /// <param name="options">Columns and seed; null for the defaults.</param>
    public RowFormattingEstimator<ChainListRow, PreferenceRow> FormatStepwisePreferences(StepwisePreferenceOptions? options = null) =>
        new(Stages, PreferenceFormats.Stepwise(options ?? new()));

    /// <summary>Makes instructions that tell how many words to keep and to delete (InstructCMP, arXiv 2406.11097).</summary>
    /// <remarks>Adds <c>source_words</c>, <c>keep_words</c>, <c>delete_words</c> (Int32). Drops
    /// <see cref="LengthPrimed.NotShorter"/>.</remarks>
    /// <param name="outputColumnName">The column of instructions to make.</param>
    /// <param name="options">Columns and template; null for the defaults.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: the template lacks {text}.</exception>
    public RowFormattingEstimator<CompressionPair, LengthPrimed> FormatLengthPriming(
        string outputColumnName, LengthPrimingOptions? options = null)
    {
        options ??= new();
        options.Validate();
        return new(Stages, TextFormats.LengthPriming(outputColumnName, options));
    }

    /// <summary>Puts a meta length token before each output (Ruler, arXiv 2409.18943).</summary>
    /// <remarks>Adds <c>mlt</c> (text) and <c>word_count</c> (Int32). Drops <see cref="MetaLengthToken.NoToken"/>.</remarks>
    /// <param name="outputColumnName">The column of marked outputs to make; may be the outputs' own.</param>
    /// <param name="options">The column; null for the default.</param>
    public RowFormattingEstimator<(string Id, string Text), LengthMarked> FormatMetaLengthTokens(
        string outputColumnName, MetaLengthOptions? options = null) =>
        new(Stages, TextFormats.MetaLengthTokens(outputColumnName, options ?? new()));

    /// <summary>Makes rows under a long and a short condition, or under compression levels (C3oT).</summary>
    /// <remarks>Adds <c>instruction</c>, <c>input</c> (empty), <c>output</c>, <c>condition</c>, <c>source_id</c> and <c>rate</c> (Double);
    /// the chains' columns go. Drops <see cref="ConditionedFormat.NoLongChain"/>, <see cref="ConditionedFormat.NoShortChain"/>.</remarks>
    /// <param name="options">Columns and condition texts; null for the defaults.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: too many levels, a level column at another level's place,
    /// or a text without its placeholder; in Fit <see cref="ErrorCode.MissingColumn"/>: there is no compressed chain.</exception>
    public RowFormattingEstimator<ConditionableRow, ConditionedRow> FormatConditioned(ConditionedOptions? options = null)
    {
        options ??= new();
        options.Validate();
        return new(Stages, TextFormats.Conditioned(options));
    }

    /// <summary>Puts a puzzle's options below its question (<see cref="PuzzleFormat.Question"/>).</summary>
    /// <remarks>Replaces the question; options and labels ride along. Drops <see cref="PuzzleFormat.NoOptions"/>.</remarks>
    /// <param name="options">Columns; null for the defaults.</param>
    public RowFormattingEstimator<PuzzleRow, string> FormatPuzzles(PuzzleOptions? options = null) =>
        new(Stages, PuzzleFormat.Of(options ?? new()));
}
