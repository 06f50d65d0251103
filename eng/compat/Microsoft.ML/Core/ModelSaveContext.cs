namespace Microsoft.ML;

/// <summary>Opaque, as outside the package: there is nothing to write to.</summary>
public sealed class ModelSaveContext : IDisposable
{
    internal ModelSaveContext()
    {
    }

    public void Dispose()
    {
    }
}
