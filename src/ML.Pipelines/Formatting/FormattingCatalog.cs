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
}
