using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>Remembers assemblies only: no model is loaded here.</summary>
public sealed class ComponentCatalog
{
    private readonly HashSet<Assembly> _assemblies = [];

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
        => _assemblies.Add(Check.NotNull(assembly, nameof(assembly)));
}
