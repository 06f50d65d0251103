using Microsoft.ML.OnnxRuntime;

namespace ML.Pipelines.OnnxRuntime.Scoring;

/// <summary>Opens ONNX Runtime sessions with a model's options.</summary>
internal static class SessionFactory
{
    /// <summary>Opens the graph.</summary>
    /// <returns>The session and where it runs: <see cref="OnnxProvider.Cpu"/> or <see cref="OnnxProvider.Cuda"/>.</returns>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.DamagedModel"/> or <see cref="ErrorCode.Configuration"/> (no
    /// CUDA).</exception>
    public static (InferenceSession Session, OnnxProvider Provider) Open(byte[] graph, OnnxModel model, OnnxSessionOptions options)
    {
        using var settings = Settings(model, options);
        var provider = ChooseProvider(settings, options);
        try
        {
            return (new InferenceSession(graph, settings), provider);
        }
        catch (OnnxRuntimeException fault) when (provider == OnnxProvider.Cuda && options.Provider == OnnxProvider.Auto)
        {
            // CUDA may be there and still lack memory or cuDNN; a damaged graph fails on the CPU, too.
            options.Notice?.Invoke($"The model runs on the CPU; CUDA cannot load it: {fault.Message.Split('\n')[0]}.");
            return Open(graph, model, options with { Provider = OnnxProvider.Cpu });
        }
        catch (OnnxRuntimeException fault)
        {
            throw new PipelineException(ErrorCode.DamagedModel,
                $"{model.Describe(model.GraphFile)} cannot be loaded: {fault.Message} Export or download it again.", fault);
        }
    }

    private static SessionOptions Settings(OnnxModel model, OnnxSessionOptions options)
    {
        var settings = new SessionOptions
        {
            // Every pass has its own shapes, so remembered memory patterns would never fit.
            EnableMemoryPattern = false,
            // ONNX Runtime's own choice counts the host's cores and pins threads to them, whatever a container may use.
            IntraOpNumThreads = options.IntraOpThreads > 0 ? options.IntraOpThreads : Environment.ProcessorCount,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spinning ? "1" : "0");
        if (model.Folder is not null)
            settings.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", model.Folder);
        return settings;
    }

    private static OnnxProvider ChooseProvider(SessionOptions settings, OnnxSessionOptions options)
    {
        if (options.Provider == OnnxProvider.Cpu)
            return OnnxProvider.Cpu;
        try
        {
            settings.AppendExecutionProvider_CUDA(options.Device);
            return OnnxProvider.Cuda;
        }
        catch (Exception fault) when (fault is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            if (options.Provider == OnnxProvider.Cuda)
            {
                throw new PipelineException(ErrorCode.Configuration,
                    $"The provider 'cuda' does not work here: {fault.Message} "
                    + "Install Microsoft.ML.OnnxRuntime.Gpu, CUDA and cuDNN, or choose 'cpu'.", fault);
            }

            var reason = fault is EntryPointNotFoundException ? "this ONNX Runtime is built without it" : fault.Message.Split('\n')[0];
            options.Notice?.Invoke($"The model runs on the CPU; CUDA is not used: {reason}.");
            return OnnxProvider.Cpu;
        }
    }
}
