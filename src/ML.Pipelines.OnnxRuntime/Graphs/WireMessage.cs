using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace ML.Pipelines.OnnxRuntime.Graphs;

/// <summary>One field of a protobuf message as it is on the wire: a number, or bytes that are not copied.</summary>
internal readonly record struct WireField(int Number, WireFormat.WireType Type, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public static WireField Varint(int number, ulong value) => new(number, WireFormat.WireType.Varint, value, default);

    public static WireField Data(int number, ReadOnlyMemory<byte> bytes) => new(number, WireFormat.WireType.LengthDelimited, 0, bytes);

    public static WireField Text(int number, string text) => Data(number, Encoding.UTF8.GetBytes(text));

    public string AsText() => Encoding.UTF8.GetString(Bytes.Span);
}

/// <summary>A protobuf message as the list of its fields: edits keep everything that they do not name, known or not.</summary>
internal sealed class WireMessage
{
    private WireMessage(List<WireField> fields) => Fields = fields;

    public List<WireField> Fields { get; }

    public static WireMessage Of(params IEnumerable<WireField> fields) => new([.. fields]);

    /// <exception cref="InvalidProtocolBufferException">The bytes are not a message.</exception>
    public static WireMessage Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!MemoryMarshal.TryGetArray(bytes, out var segment))
            segment = bytes.ToArray();
        var input = new CodedInputStream(segment.Array!, segment.Offset, segment.Count);
        var fields = new List<WireField>();
        while (input.ReadTag() is not 0 and var tag)
            fields.Add(Read(input, tag, bytes, segment.Offset));
        return new(fields);
    }

    public IEnumerable<WireField> All(int number) => Fields.Where(field => field.Number == number);

    public IEnumerable<string> Texts(int number) => All(number).Select(field => field.AsText());

    public string Text(int number) => Texts(number).FirstOrDefault("");

    public ulong Value(int number) => All(number).FirstOrDefault().Value;

    public WireMessage? Message(int number) => All(number).Select(field => Parse(field.Bytes)).FirstOrDefault();

    /// <summary>Repeated numbers, packed or not.</summary>
    public IEnumerable<long> Numbers(int number)
    {
        foreach (var field in All(number))
        {
            if (field.Type == WireFormat.WireType.Varint)
                yield return (long)field.Value;
            else
                foreach (var value in Unpack(field.Bytes))
                    yield return value;
        }
    }

    /// <summary>Replaces the fields of a number by others, at the place of the first.</summary>
    public void Replace(int number, params IEnumerable<WireField> fields)
    {
        var at = Fields.FindIndex(field => field.Number == number);
        Fields.RemoveAll(field => field.Number == number);
        Fields.InsertRange(at < 0 ? Fields.Count : at, fields);
    }

    public byte[] ToArray()
    {
        using var stream = new MemoryStream(Fields.Sum(field => field.Bytes.Length + 12));
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            foreach (var field in Fields)
                Write(field, output, stream);
        }
        return stream.ToArray();
    }

    private static WireField Read(CodedInputStream input, uint tag, ReadOnlyMemory<byte> bytes, int origin)
    {
        var (number, type) = (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag));
        return type switch
        {
            WireFormat.WireType.Varint => new(number, type, input.ReadUInt64(), default),
            WireFormat.WireType.Fixed64 => new(number, type, input.ReadFixed64(), default),
            WireFormat.WireType.Fixed32 => new(number, type, input.ReadFixed32(), default),
            WireFormat.WireType.LengthDelimited => WireField.Data(number, ReadData(input, bytes, origin)),
            _ => throw new InvalidDataException($"field {number} has the wire type {type}, which ONNX files do not have"),
        };
    }

    // The stream's position counts from the start of the array, in which this message starts at the origin.
    private static ReadOnlyMemory<byte> ReadData(CodedInputStream input, ReadOnlyMemory<byte> bytes, int origin)
    {
        var start = (int)input.Position - origin;
        input.SkipLastField();
        var end = (int)input.Position - origin;
        var lengthBytes = 1;
        while ((bytes.Span[start + lengthBytes - 1] & 0x80) != 0)
            lengthBytes++;
        return bytes[(start + lengthBytes)..end];
    }

    private static void Write(WireField field, CodedOutputStream output, MemoryStream stream)
    {
        output.WriteTag(field.Number, field.Type);
        switch (field.Type)
        {
            case WireFormat.WireType.Varint: output.WriteUInt64(field.Value); break;
            case WireFormat.WireType.Fixed64: output.WriteFixed64(field.Value); break;
            case WireFormat.WireType.Fixed32: output.WriteFixed32((uint)field.Value); break;
            default:
                output.WriteLength(field.Bytes.Length);
                output.Flush();
                stream.Write(field.Bytes.Span);
                break;
        }
    }

    private static List<long> Unpack(ReadOnlyMemory<byte> bytes)
    {
        var input = new CodedInputStream(bytes.ToArray());
        var values = new List<long>();
        while (!input.IsAtEnd)
            values.Add(input.ReadInt64());
        return values;
    }
}
