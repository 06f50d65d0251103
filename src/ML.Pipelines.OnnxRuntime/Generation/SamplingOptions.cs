using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>How tokens are chosen from logits. The order is that of transformers: repetition penalty, temperature, top-k, top-p.</summary>
internal sealed record SamplingOptions
{
    /// <summary>What logits are divided by, at least 0; 0: the best token is taken.</summary>
    public float Temperature { get; init; }

    /// <summary>The tokens that are drawn from: the fewest of the most likely ones that together have this probability; above 0 to
    /// 1.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>The number of most likely tokens that are drawn from; 0: all.</summary>
    public int TopK { get; init; }

    /// <summary>What the logits of tokens of prompt and reply are divided by where positive and multiplied by where negative; above 0,
    /// 1: nothing changes (Keskar et al. 2019, CTRL, section 4.1).</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>The start of the row's random numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>The best token, always.</summary>
    public static SamplingOptions Greedy { get; } = new();

    /// <summary>The random numbers' start of a row: another row has others with the same seed.</summary>
    public static ulong SeedOf(long seed, string? rowId) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}\n{rowId}"))));
}
