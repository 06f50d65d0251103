using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ML.Pipelines.Stages;

/// <summary>Random numbers of a row: seeded by its id, so that a choice does not depend on the order of rows.</summary>
internal static class RowRandom
{
    public static Random For(int seed, string rowId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}\n{rowId}")));
        return new Random(BitConverter.ToInt32(hash));
    }
}
