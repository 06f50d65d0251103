using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ML.Pipelines.Stages;

/// <summary>
/// The ids of rows that became several. The low half stays that of the row they came from; the high half is the path of parts, from its
/// first byte on, so that ids are unique, a part is traced to its row, and the parts of a row sort as they come out.
/// </summary>
/// <remarks>
/// No part's number ends with a zero byte and none starts another's, so paths of any depth are told apart. A path that does not fit into
/// eight bytes is hashed: it is as good as unique then, but its order is that of hashes.
/// </remarks>
internal static class RowParts
{
    private const int Bytes = sizeof(ulong), BitsPerByte = 8;

    /// <summary>Parts whose number is one byte, 1 to 254; that of the others is this byte and three more.</summary>
    private const int Short = 254, LongMark = 255, LongBytes = 4;

    /// <summary>The most parts whose numbers are ordered.</summary>
    private const int MostOrdered = Short + (1 << 23);

    /// <summary>The id of a part of a row.</summary>
    /// <param name="row">The id of the row, which itself may be a part.</param>
    /// <param name="part">The part, from 0.</param>
    public static DataViewRowId IdOf(DataViewRowId row, int part)
    {
        var (number, length) = part < Short ? ((ulong)part + 1, 1) : (LongNumber(part), LongBytes);
        var free = BitOperations.TrailingZeroCount(row.High) / BitsPerByte - length;
        return part < MostOrdered && free >= 0 && free < Bytes
            ? new(row.Low, row.High | (number << (free * BitsPerByte)))
            : new(row.Low, Hash(row.High, part) | 1);
    }

    /// <summary>An id as text, of one row or part alone: the row's number, and the path where it is a part.</summary>
    public static string TextOf(DataViewRowId row) => row.High == 0
        ? row.Low.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{row.Low}.{$"{row.High:x16}".TrimEnd('0')}");

    /// <summary>A function that reads the id of the row a cursor stands on, as text.</summary>
    public static Func<string> TextReader(DataViewRow row)
    {
        var getter = row.GetIdGetter();
        DataViewRowId id = default;
        return () =>
        {
            getter(ref id);
            return TextOf(id);
        };
    }

    // Not DataViewRowId.Combine: ids are kept in journals and manifests, which outlive a version of ML.NET.
    private static ulong Hash(ulong path, int part)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong) + sizeof(int)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, path);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[sizeof(ulong)..], part);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private static ulong LongNumber(int part) => ((ulong)LongMark << 24) | ((((ulong)part - Short) << 1) & 0xFFFFFF) | 1;
}
