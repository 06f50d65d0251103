namespace ML.Pipelines.OpenAI;

/// <summary>A model on an OpenAI-compatible server: OpenAI, Azure OpenAI, vLLM, SGLang, llama.cpp and others.</summary>
/// <remarks>The key itself is never in here: only the name of the environment variable that holds it.</remarks>
public sealed record OpenAIServer
{
    /// <summary>
    /// The address that <c>chat/completions</c> is appended to, for example <c>http://localhost:8000/v1</c>; for Azure OpenAI
    /// <c>https://resource.openai.azure.com/openai/v1</c>, or <c>…/openai/deployments/name</c> with an <see cref="ApiVersion"/>.
    /// </summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The model's name at the server; for Azure OpenAI the deployment's.</summary>
    public required string Model { get; init; }

    /// <summary>What tells versions behind the same name apart, for example a date or a commit; part of the fingerprint.</summary>
    public string Revision { get; init; } = "";

    /// <summary>The most tokens of a prompt with its reply; null where it is not known.</summary>
    public int? ContextLength { get; init; }

    /// <summary>The environment variable that holds the key; null: the server wants none.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>How the key is sent.</summary>
    public KeyHeader KeyHeader { get; init; } = KeyHeader.Bearer;

    /// <summary>The query parameter <c>api-version</c> of Azure OpenAI's dated API; null: none.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Whether the key and the model are checked against <c>models</c> before the first call. Deployments of Azure are not
    /// listed there.</summary>
    public bool CheckModel { get; init; } = true;

    /// <summary>Whether the server keeps replies to a JSON schema (<c>response_format</c>); where not, the schema is part of the
    /// prompt.</summary>
    public bool SupportsSchemas { get; init; } = true;

    /// <summary>Whether replies are streamed, for proxies that give up on connections that are silent for long.</summary>
    public bool Stream { get; init; }

    /// <summary>The parameter that limits the reply; null: <c>max_completion_tokens</c> for OpenAI and Azure OpenAI, <c>max_tokens</c>
    /// for others.</summary>
    public string? OutputLimitParameter { get; init; }

    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    internal string OutputLimit => OutputLimitParameter
        ?? (Endpoint.Host.EndsWith(".openai.com", StringComparison.OrdinalIgnoreCase)
            || Endpoint.Host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase)
            ? "max_completion_tokens" : "max_tokens");

    /// <exception cref="PipelineException"><see cref="ErrorCode.Configuration"/>, or <see cref="ErrorCode.TeacherUnauthorized"/>: no
    /// key.</exception>
    internal void Validate()
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https"))
            throw new PipelineException(ErrorCode.Configuration,
                $"{nameof(Endpoint)} must be an http or https address, for example http://localhost:8000/v1.");
        if (Endpoint.UserInfo.Length > 0 || Endpoint.Query.Length > 0)
            throw new PipelineException(ErrorCode.Configuration,
                $"{nameof(Endpoint)} must not hold a user, password or query: keys come from the variable that {nameof(KeyVariable)} names, the "
                    + $"api-version from {nameof(ApiVersion)}.");
        if (string.IsNullOrWhiteSpace(Model))
            throw new PipelineException(ErrorCode.Configuration, $"{nameof(Model)} must be the model's name at the server.");
    }
}

/// <summary>How a key is sent.</summary>
public enum KeyHeader
{
    /// <summary><c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary><c>api-key</c>, as Azure OpenAI has it.</summary>
    ApiKey,
}
