using ML.Pipelines.Runs;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ML.Pipelines.Cli;

/// <summary>Sends traces and metrics where OpenTelemetry's standard variables say; nothing is sent without one.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private TelemetryExport(TracerProvider? traces, MeterProvider? metrics) => (_traces, _metrics) = (traces, metrics);

    /// <summary>Starts what <c>OTEL_TRACES_EXPORTER</c> and <c>OTEL_METRICS_EXPORTER</c> name: otlp, console or none.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>: an exporter that there is not.</exception>
    /// <remarks>Without them an <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> means otlp for both. <c>OTEL_SDK_DISABLED=true</c> turns all off.</remarks>
    public static TelemetryExport Start(Func<string, string?> variable)
    {
        if (string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)) return new(null, null);
        var traces = Exporter(variable, "OTEL_TRACES_EXPORTER");
        var metrics = Exporter(variable, "OTEL_METRICS_EXPORTER");
        return new(traces is null ? null : Traces(traces), metrics is null ? null : Metrics(metrics));
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static string? Exporter(Func<string, string?> variable, string name) => variable(name) switch
    {
        null or "" => string.IsNullOrEmpty(variable("OTEL_EXPORTER_OTLP_ENDPOINT")) ? null : "otlp",
        "none" => null,
        "otlp" or "console" => variable(name),
        var other => throw new PipelineException(ErrorCode.Configuration, $"{name}={other}: there is no such exporter. Take otlp, console or none."),
    };

    private static TracerProvider Traces(string exporter)
    {
        var builder = Sdk.CreateTracerProviderBuilder().ConfigureResource(Resource).AddSource(PipelineTelemetry.Name);
        return (exporter == "otlp" ? builder.AddOtlpExporter() : builder.AddConsoleExporter()).Build();
    }

    private static MeterProvider Metrics(string exporter)
    {
        var builder = Sdk.CreateMeterProviderBuilder().ConfigureResource(Resource).AddMeter(PipelineTelemetry.Name);
        return (exporter == "otlp" ? builder.AddOtlpExporter() : builder.AddConsoleExporter()).Build();
    }

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, which the builder reads by itself, go before.
    private static void Resource(ResourceBuilder resource) => resource.Clear().AddService("mlpipe", serviceVersion: PipelineRun.Version)
        .AddTelemetrySdk().AddEnvironmentVariableDetector();
}
