namespace ML.Pipelines.Cli.Jobs;

/// <summary>The format of input files.</summary>
public enum InputFormat
{
    /// <summary>By the files' extension.</summary>
    Auto = 0,

    /// <summary>JSON Lines.</summary>
    Jsonl = 1,

    /// <summary>Parquet.</summary>
    Parquet = 2,
}

/// <summary>What writes the shards.</summary>
public enum ShardEngine
{
    /// <summary>The first that this build has.</summary>
    Auto = 0,

    /// <summary>Parquet.Net.</summary>
    ParquetNet = 1,

    /// <summary>DuckDB.</summary>
    Duckdb = 2,
}

/// <summary>What compresses chains.</summary>
public enum ChainCompressor
{
    /// <summary>A model that is asked.</summary>
    Teacher = 0,

    /// <summary>Words go by their self-information and what they do for the answer, as a scorer has it.</summary>
    SelfInformation = 1,
}

/// <summary>What kind of model a job names.</summary>
public enum ModelType
{
    /// <summary>A causal decoder that ONNX Runtime runs in process.</summary>
    Onnx = 0,

    /// <summary>A model on an OpenAI-compatible server.</summary>
    Openai = 1,
}

/// <summary>What a model runs on.</summary>
public enum ModelProvider
{
    /// <summary>A GPU where there is one, else the CPU.</summary>
    Auto = 0,

    /// <summary>The CPU.</summary>
    Cpu = 1,

    /// <summary>An NVIDIA GPU; an error where there is none.</summary>
    Cuda = 2,
}

/// <summary>The columns that the stage format makes.</summary>
public enum FormatColumns
{
    /// <summary>The column messages.</summary>
    Messages = 0,

    /// <summary>The columns of LiteCoT: system_prompt, problem, solution and messages.</summary>
    Litecot = 1,
}

/// <summary>What tells thought and solution apart in the columns of LiteCoT.</summary>
public enum SolutionMark
{
    /// <summary>As the job's stage rewrite asks for it; without one, tags.</summary>
    Auto = 0,

    /// <summary>Begin and end tags around both.</summary>
    Tags = 1,

    /// <summary>A heading before the solution.</summary>
    Heading = 2,
}
