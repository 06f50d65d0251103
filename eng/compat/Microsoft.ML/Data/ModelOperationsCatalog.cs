using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Calls a model's Save, which for the transformers here always says why it cannot be saved.</summary>
public sealed class ModelOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env) => _env = env;

    IHostEnvironment IInternalCatalog.Environment => _env;

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        Check.NotNull(model, nameof(model));
        Check.NotNull(stream, nameof(stream));
        using var context = new ModelSaveContext();
        model.Save(context);
        throw new InvalidOperationException("ModelSignature not specified!");
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        Check.NonEmpty(filePath, nameof(filePath));
        using var stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    internal static NotSupportedException CannotSave() => new("The stand-in for Microsoft.ML does not save models.");
}
