namespace ML.Pipelines.Cli;

/// <summary>The exit codes that schedulers read.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A bad configuration, input, model or output folder.</summary>
    public const int BadInput = 2;

    /// <summary>An invariant or a data gate failed.</summary>
    public const int Invariant = 3;

    /// <summary>More rows are quarantined than the job allows.</summary>
    public const int TooMuchQuarantined = 4;

    /// <summary>Stopped with work left; the same command continues.</summary>
    public const int WorkLeft = 75;

    /// <summary>The code of a fault.</summary>
    public static int Of(PipelineException fault) => fault.Code switch
    {
        ErrorCode.Invariant => Invariant,
        ErrorCode.NotFinished => WorkLeft,
        _ => BadInput,
    };
}
