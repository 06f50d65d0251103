using System.Buffers;
using System.Buffers.Binary;

namespace ML.Pipelines.Parquet.ParquetNet;

/// <summary>Rewrites a file's footer without the minima and maxima of columns; null counts stay.</summary>
/// <remarks>
/// The footer is Thrift's compact protocol (parquet.thrift): FileMetaData.row_groups = 4, RowGroup.columns = 1, ColumnChunk.meta_data = 3,
/// ColumnMetaData.statistics = 12; of Statistics null_count = 3 and distinct_count = 4 stay.
/// </remarks>
internal ref struct FooterStatistics
{
    private static readonly int[] PathToStatistics = [4, 1, 3, 12];
    private readonly ReadOnlySpan<byte> _source;
    private readonly ArrayBufferWriter<byte> _target;
    private int _position;
    private bool _dropping;

    private FooterStatistics(ReadOnlySpan<byte> source, ArrayBufferWriter<byte> target)
    {
        _source = source;
        _target = target;
    }

    /// <summary>Rewrites the footer that starts at a position and, with its length and the magic, reaches to the end.</summary>
    public static void Remove(Stream file, long start)
    {
        var source = new byte[checked((int)(file.Length - start - 8))];
        file.Position = start;
        file.ReadExactly(source);
        var target = new ArrayBufferWriter<byte>(source.Length);
        new FooterStatistics(source, target).CopyStruct(0);
        BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(4), target.WrittenCount);
        target.Advance(4);
        target.Write("PAR1"u8);
        file.Position = start;
        file.Write(target.WrittenSpan);
        file.SetLength(file.Position);
        file.Flush();
    }

    // depth: how many steps of the path to the statistics have been taken; -1 is off the path.
    private void CopyStruct(int depth)
    {
        var (read, written) = (0, 0);
        while (ReadFieldHeader(ref read) is var type && type != 0)
        {
            var dropping = _dropping;
            _dropping |= depth == PathToStatistics.Length && read is not (3 or 4);
            WriteFieldHeader(type, read, ref written);
            CopyValue(type, depth >= 0 && depth < PathToStatistics.Length && PathToStatistics[depth] == read ? depth + 1 : -1);
            _dropping = dropping;
        }
        Write(0);
    }

    private void CopyValue(int type, int depth)
    {
        switch (type)
        {
            case 1 or 2: break;
            case 3: Copy(1); break;
            case 4 or 5 or 6: CopyVarint(); break;
            case 7: Copy(8); break;
            case 8: Copy((int)CopyVarint()); break;
            case 9 or 10: CopyList(depth); break;
            case 12: CopyStruct(depth); break;
            default: throw new InvalidDataException($"The footer has a field of Thrift type {type}.");
        }
    }

    private void CopyList(int depth)
    {
        var header = _source[_position];
        Copy(1);
        var size = header >> 4 == 15 ? CopyVarint() : (ulong)(header >> 4);
        var type = header & 0xF;
        for (; size > 0; size--)
        {
            if (type is 1 or 2) Copy(1);
            else CopyValue(type, depth);
        }
    }

    // A header holds the distance from the field before, or the field's number after it.
    private int ReadFieldHeader(ref int field)
    {
        var header = _source[_position++];
        if (header == 0) return 0;
        if (header >> 4 != 0) field += header >> 4;
        else field = (int)(ReadVarint() >> 1);
        return header & 0xF;
    }

    private readonly void WriteFieldHeader(int type, int field, ref int last)
    {
        if (_dropping) return;
        var distance = field - last;
        last = field;
        if (distance is > 0 and < 16)
        {
            Write((byte)(distance << 4 | type));
            return;
        }
        Write((byte)type);
        WriteVarint((ulong)field << 1);
    }

    private void Copy(int count)
    {
        if (!_dropping) _target.Write(_source.Slice(_position, count));
        _position += count;
    }

    private ulong CopyVarint()
    {
        var start = _position;
        var value = ReadVarint();
        if (!_dropping) _target.Write(_source[start.._position]);
        return value;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = _source[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }

    private readonly void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Write((byte)(value | 0x80));
        Write((byte)value);
    }

    private readonly void Write(byte value)
    {
        if (!_dropping) _target.Write([value]);
    }
}
