namespace ML.Pipelines.Cli.Jobs;

/// <summary>Collects all faults of a job file, so that a user mends them in one go.</summary>
internal sealed class JobErrors
{
    private readonly List<(Place Place, string Message)> _errors = [];

    public void Add(Place place, string path, string message) =>
        _errors.Add((place, $"{place}: {(path.Length == 0 ? "" : path + ": ")}{message}"));

    public void Add(ReadStage stage, string option, string message) =>
        Add(stage.PlaceOf(option), $"stages.{stage.Options.Name}.{option}", message);

    public void Add(ReadModel model, string option, string message) => Add(model.PlaceOf(option), $"models.{model.Name}.{option}", message);

    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.Configuration"/>: there are errors; one a line, in the order of the file.
    /// </exception>
    public void ThrowIfAny()
    {
        if (_errors.Count == 0) return;
        var lines = _errors.OrderBy(error => error.Place.Line).ThenBy(error => error.Place.Column)
            .Select(error => error.Message).Distinct();
        throw new PipelineException(ErrorCode.Configuration, string.Join('\n', lines));
    }
}
