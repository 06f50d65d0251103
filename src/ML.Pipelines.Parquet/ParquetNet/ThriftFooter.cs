using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace ML.Pipelines.Parquet.ParquetNet;

/// <summary>A file's footer in Thrift's compact protocol, walked along the types of parquet.thrift.</summary>
internal ref struct ThriftFooter
{
    private const int DeepestNesting = 32;
    private const int Statistics = 5;

    // A line a struct, a word a field from 1 on: b boolean, y byte, h, i and l integers of 16, 32 and 64 bits, t bytes, L list of what
    // follows, s struct (of the line that follows), - anything.
    private static readonly string[][] Structs =
    [
        "i Ls1 l Ls2 Ls6 t Ls - t".Split(' '), // 0 FileMetaData
        "i i i t i i i i i s7".Split(' '), // 1 SchemaElement
        "Ls3 l l - l l h".Split(' '), // 2 RowGroup
        "t l s4 l i l i - t".Split(' '), // 3 ColumnChunk
        "i Li Lt i l l l Ls6 l l l s5 - l i".Split(' '), // 4 ColumnMetaData
        "t t l l t t b b".Split(' '), // 5 Statistics: null_count and distinct_count are 3 and 4
        "t t".Split(' '), // 6 KeyValue
        "s s s s s8 s s9 s9 - s10 s s s s s".Split(' '), // 7 LogicalType
        "i i".Split(' '), // 8 DecimalType
        "b s11".Split(' '), // 9 TimeType, TimestampType
        "y b".Split(' '), // 10 IntType
        "s s s".Split(' '), // 11 TimeUnit
    ];

    private readonly ReadOnlySpan<byte> _source;
    private readonly ArrayBufferWriter<byte> _target;
    private int _position;
    private bool _dropping;
    private int _nesting;

    private ThriftFooter(ReadOnlySpan<byte> source, ArrayBufferWriter<byte> target)
    {
        _source = source;
        _target = target;
    }

    /// <summary>Reads the footer to its end. Parquet.Net may never come to an end of one that is damaged.</summary>
    /// <exception cref="InvalidDataException">The footer ends too early, or later than it should.</exception>
    public static void Check(Stream file)
    {
        var length = new byte[4];
        file.Position = file.Length - 8;
        file.ReadExactly(length);
        var source = Read(file, file.Length - 8 - BinaryPrimitives.ReadInt32LittleEndian(length));
        try
        {
            new ThriftFooter(source, new(source.Length)).CopyStruct("s0");
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException("its footer is not Thrift", exception);
        }
    }

    /// <summary>Rewrites the footer that starts at a position, its length and the magic: without minima and maxima of columns.</summary>
    public static void RemoveStatistics(Stream file, long start)
    {
        var source = Read(file, start);
        var target = new ArrayBufferWriter<byte>(source.Length);
        new ThriftFooter(source, target).CopyStruct("s0");
        BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(4), target.WrittenCount);
        target.Advance(4);
        target.Write("PAR1"u8);
        file.Position = start;
        file.Write(target.WrittenSpan);
        file.SetLength(file.Position);
        file.Flush();
    }

    private static byte[] Read(Stream file, long start)
    {
        var footer = new byte[checked((int)(file.Length - start - 8))];
        file.Position = start;
        file.ReadExactly(footer);
        return footer;
    }

    private void CopyStruct(string type)
    {
        if (++_nesting > DeepestNesting) throw new InvalidDataException("its footer is nested too deep");
        var line = type.Length > 1 ? int.Parse(type.AsSpan(1), CultureInfo.InvariantCulture) : -1;
        var (read, written) = (0, 0);
        while (ReadFieldHeader(ref read) is var code && code != 0)
        {
            var dropping = _dropping;
            _dropping |= line == Statistics && read is not (3 or 4);
            WriteFieldHeader(code, read, ref written);
            CopyValue(code, line < 0 ? "-" : Structs[line].ElementAtOrDefault(read - 1) ?? "-");
            _dropping = dropping;
        }
        Write(0);
        _nesting--;
    }

    private void CopyValue(int code, string type)
    {
        if (type != "-" && Code(type) != code && !(code == 2 && type == "b"))
            throw new InvalidDataException("its footer has a field of a wrong type");
        switch (code)
        {
            case 1 or 2: break;
            case 3: Copy(1); break;
            case 4 or 5 or 6: CopyVarint(); break;
            case 7: Copy(8); break;
            case 8: Copy(checked((int)CopyVarint())); break;
            case 9 or 10: CopyList(type == "-" ? type : type[1..]); break;
            case 12: CopyStruct(type); break;
            default: throw new InvalidDataException($"its footer has a field of Thrift's type {code}");
        }
    }

    private static int Code(string type) => type[0] switch
    {
        'b' => 1,
        'y' => 3,
        'h' => 4,
        'i' => 5,
        'l' => 6,
        't' => 8,
        'L' => 9,
        _ => 12,
    };

    // Booleans are bytes in a list, and nothing beside their field's header elsewhere.
    private void CopyList(string type)
    {
        var header = _source[_position];
        Copy(1);
        var size = header >> 4 == 15 ? CopyVarint() : (ulong)(header >> 4);
        for (; size > 0; size--)
        {
            if ((header & 0xF) is 1 or 2) Copy(1);
            else CopyValue(header & 0xF, type);
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
