using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ML.Pipelines.Formatting;
using ML.Pipelines.Text;
using ML.Pipelines.Training;

namespace ML.Pipelines.Compression;

/// <summary>
/// Selects each row's rate by cross-prediction (C3oT_Adapt: arXiv 2412.11664, section on selecting the rate): from the highest rate to the
/// lowest, the open rows are divided into folds, a model trained on the others predicts each fold, and a row that is answered correctly
/// in enough of the repeats stays at the rate.
/// </summary>
/// <remarks>
/// A row is known by its content, so neither the order of rows nor a repeated row changes anything: equal rows are one and never
/// predicted by a model that saw them. All open rows are in memory.
/// </remarks>
/// <param name="trainer">Trains.</param>
/// <param name="predictor">Has what was trained answer.</param>
/// <param name="options">Rates, folds, repeats.</param>
/// <param name="learned">Called for each row that is decided; may be null.</param>
internal sealed class RateSelection(ITrainer trainer, IPredictor predictor, RateSelectionOptions options, Action? learned)
{
    private const int KeyBytes = 8;

    private readonly double[] _rates = [.. Descending(options).Select(rate => rate.Rate)];

    /// <summary>The rates from the highest to the lowest.</summary>
    public static IEnumerable<RateColumn> Descending(RateSelectionOptions options) => options.Rates.OrderByDescending(rate => rate.Rate);

    /// <summary>What a row is known by.</summary>
    public static string KeyOf(RateRow row)
    {
        // Lengths tell where one text ends and the next begins.
        var text = new StringBuilder();
        foreach (var part in (string?[])[row.Question, row.Answer, .. row.Chains])
            text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, KeyBytes));
    }

    /// <summary>What holds for a row without any prediction: its lowest rate.</summary>
    public RateDecision Undecided(RateRow row) => Last(row, RateSource.Unchecked, 0, 0);

    /// <summary>Decides for all rows.</summary>
    /// <returns>The decisions by <see cref="KeyOf"/>.</returns>
    public async Task<SortedDictionary<string, RateDecision>> RunAsync(IEnumerable<RateRow> rows, CancellationToken cancellationToken)
    {
        var all = new SortedDictionary<string, RateRow>(StringComparer.Ordinal);
        foreach (var row in rows) all.TryAdd(KeyOf(row), row);
        var decisions = new SortedDictionary<string, RateDecision>(StringComparer.Ordinal);
        foreach (var (key, row) in all) decisions[key] = Undecided(row);
        var open = all.Where(row => IsCheckable(row.Value)).Select(row => new OpenRow(row.Key, row.Value)).ToList();
        for (var rate = 0; rate < _rates.Length; rate++)
        {
            foreach (var row in await SolvedAsync(open, rate, cancellationToken).ConfigureAwait(false))
                Decide(row.Key, new(RateSource.Predicted, _rates[rate], row.Correct, row.Predictions));
            open.RemoveAll(row => decisions[row.Key].Source == RateSource.Predicted);
        }
        foreach (var row in open.Where(row => row.WasPredicted))
            Decide(row.Key, Last(row.Row, RateSource.Lowest, row.Correct, row.Predictions));
        return decisions;

        void Decide(string key, RateDecision decision)
        {
            decisions[key] = decision;
            learned?.Invoke();
        }
    }

    /// <summary>The open rows that are answered correctly often enough at a rate.</summary>
    private async Task<IReadOnlyList<OpenRow>> SolvedAsync(List<OpenRow> open, int rate, CancellationToken cancellationToken)
    {
        var rows = open.Where(row => row.Row.Chains[rate] is not null).ToArray();
        foreach (var row in rows) (row.Correct, row.Predictions) = (0, 0);
        if (rows.Length < 2) return [];
        for (var repeat = 0; repeat < options.Repeats; repeat++)
        {
            var seed = unchecked(options.Seed + repeat);
            var divided = rows.OrderBy(row => Place(seed, rate, row.Key), StringComparer.Ordinal).ToArray();
            var folds = Math.Min(options.Folds, divided.Length);
            for (var fold = 0; fold < folds; fold++)
            {
                var (known, held) = Divide(divided, folds, fold);
                await PredictAsync(known, held, rate, seed, cancellationToken).ConfigureAwait(false);
            }
        }
        return [.. rows.Where(row => row.Correct >= options.Needed)];
    }

    private async Task PredictAsync(List<OpenRow> known, List<OpenRow> held, int rate, int seed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var task = new TrainingTask([.. known.Select(row => Training(row.Row, rate))], seed);
        var model = await trainer.TrainAsync(task, cancellationToken).ConfigureAwait(false);
        Prompt[] prompts = [.. held.Select(row => new Prompt(row.Key, Instruction(row.Row)))];
        var texts = await predictor.PredictAsync(model, prompts, cancellationToken).ConfigureAwait(false);
        foreach (var (row, text) in held.Zip(texts)) row.Count(IsCorrect(text, row.Row.Answer));
    }

    private TrainingRow Training(RateRow row, int rate)
    {
        var rows = ConditionedFormat.Rows(row.Id, row.Question, row.Answer, "", row.Chains[rate], null, options.Texts);
        var conditioned = rows.Single(made => made.Condition == ConditionedFormat.ShortName);
        return new(conditioned.Instruction, conditioned.Output);
    }

    private string Instruction(RateRow row) => ConditionedFormat.Instruction(row.Question, ConditionedFormat.ShortName, options.Texts);

    private RateDecision Last(RateRow row, RateSource source, int correct, int predictions)
    {
        var last = row.Chains.Count - 1;
        while (last >= 0 && row.Chains[last] is null) last--;
        return last < 0 ? new(RateSource.None, null, 0, 0) : new(source, _rates[last], correct, predictions);
    }

    private static (List<OpenRow> Known, List<OpenRow> Held) Divide(OpenRow[] divided, int folds, int fold)
    {
        var parts = divided.Index().ToLookup(row => row.Index % folds == fold, row => row.Item);
        return ([.. parts[false]], [.. parts[true]]);
    }

    private static string Place(int seed, int rate, string key) => Convert.ToHexString(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}\n{rate}\n{key}"))));

    private static bool IsCheckable(RateRow row) => !string.IsNullOrWhiteSpace(row.Question) && !string.IsNullOrWhiteSpace(row.Answer);

    private static bool IsCorrect(string? text, string answer) =>
        text is not null && AnswerExtractor.Extract(text) is { } stated && AnswerEquivalence.AreEquivalent(stated, answer);

    /// <summary>A row without a rate yet, with its predictions at the last rate that it has a chain at.</summary>
    private sealed class OpenRow(string key, RateRow row)
    {
        public string Key => key;

        public RateRow Row => row;

        public int Correct { get; set; }

        public int Predictions { get; set; }

        public bool WasPredicted { get; private set; }

        public void Count(bool isCorrect)
        {
            WasPredicted = true;
            Predictions++;
            if (isCorrect) Correct++;
        }
    }
}
