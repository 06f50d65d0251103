namespace ML.Pipelines.OnnxRuntime;

/// <summary>Where a model runs.</summary>
public enum OnnxProvider
{
    /// <summary>CUDA where it works, else the CPU, with a notice.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>CUDA or a fault.</summary>
    Cuda,
}
