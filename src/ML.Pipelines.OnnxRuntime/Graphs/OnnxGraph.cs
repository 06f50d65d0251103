using System.Runtime.InteropServices;
using Google.Protobuf;

namespace ML.Pipelines.OnnxRuntime.Graphs;

/// <summary>A node of an ONNX graph.</summary>
internal sealed record OnnxNode(string Operator, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

/// <summary>An ONNX file that can be looked into and edited without a schema compiler: only the fields named below are
/// interpreted.</summary>
internal sealed class OnnxGraph
{
    private const int ModelGraph = 7;
    private const int GraphNode = 1, GraphInitializer = 5, GraphInput = 11, GraphOutput = 12, GraphValueInfo = 13;
    private const int NodeInput = 1, NodeOutput = 2, NodeName = 3, NodeOperator = 4, NodeAttribute = 5, NodeDomain = 7;
    private const int TensorDims = 1, TensorType = 2, TensorName = 8, TensorRawData = 9, TensorExternalData = 13;
    private readonly WireMessage _model;
    private readonly WireMessage _graph;

    private OnnxGraph(WireMessage model, WireMessage graph) => (_model, _graph) = (model, graph);

    public IEnumerable<string> Inputs => _graph.All(GraphInput).Select(Name);

    public IEnumerable<string> Outputs => _graph.All(GraphOutput).Select(Name);

    public IEnumerable<OnnxNode> Nodes => _graph.All(GraphNode).Select(node => ToNode(WireMessage.Parse(node.Bytes)));

    /// <exception cref="InvalidDataException">The bytes are not an ONNX file.</exception>
    public static OnnxGraph Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var model = WireMessage.Parse(bytes);
            return new(model, model.Message(ModelGraph) ?? throw new InvalidDataException("the file has no graph"));
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new InvalidDataException("the file is not protobuf: " + fault.Message, fault);
        }
    }

    public byte[] ToArray()
    {
        _model.Replace(ModelGraph, WireField.Data(ModelGraph, _graph.ToArray()));
        return _model.ToArray();
    }

    /// <summary>The number of an output's element type in the file; 0 for an unknown output.</summary>
    public OnnxElementType OutputType(string name) =>
        (OnnxElementType)(_graph.All(GraphOutput).Where(output => Name(output) == name)
            .Select(output => WireMessage.Parse(output.Bytes).Message(2)?.Message(1)?.Value(1)).FirstOrDefault() ?? 0);

    /// <summary>The dimensions of every weight by its name.</summary>
    public Dictionary<string, long[]> InitializerShapes() =>
        _graph.All(GraphInitializer).Select(field => WireMessage.Parse(field.Bytes))
            .ToDictionary(tensor => tensor.Text(TensorName), tensor => tensor.Numbers(TensorDims).ToArray());

    /// <summary>Whether weights lie in files beside this one, and in which.</summary>
    public IEnumerable<string> ExternalFiles() =>
        _graph.All(GraphInitializer).Select(field => WireMessage.Parse(field.Bytes)).SelectMany(tensor => tensor.All(TensorExternalData))
            .Select(entry => WireMessage.Parse(entry.Bytes)).Where(entry => entry.Text(1) == "location")
            .Select(entry => entry.Text(2)).Distinct();

    /// <summary>The node that makes a value; null for inputs and weights.</summary>
    public OnnxNode? ProducerOf(string value) => Nodes.FirstOrDefault(node => node.Outputs.Contains(value));

    public void AddInput(string name, OnnxElementType type, params string[] dimensions) =>
        Append(GraphInput, ValueInfo(name, type, dimensions));

    /// <summary>Declares an output anew with these dimensions (a number is a fixed one).</summary>
    public void ReshapeOutput(string name, OnnxElementType type, params string[] dimensions) =>
        _graph.Replace(GraphOutput, [.. _graph.All(GraphOutput)
            .Select(field => Name(field) == name ? WireField.Data(GraphOutput, ValueInfo(name, type, dimensions)) : field)]);

    public void RemoveInputs(Func<string, bool> names) =>
        _graph.Fields.RemoveAll(field => field.Number == GraphInput && names(Name(field)));

    public void RemoveOutputs(Func<string, bool> names) =>
        _graph.Fields.RemoveAll(field => field.Number == GraphOutput && names(Name(field)));

    /// <summary>Forgets the shapes that the exporter noted for inner values, which an edit may have made wrong.</summary>
    public void RemoveInnerShapes() => _graph.Fields.RemoveAll(field => field.Number == GraphValueInfo);

    public void AddInt64Weight(string name, params long[] values) =>
        Append(GraphInitializer, WireMessage.Of([
            WireField.Varint(TensorDims, (ulong)values.Length), WireField.Varint(TensorType, (ulong)OnnxElementType.Int64),
            WireField.Text(TensorName, name), WireField.Data(TensorRawData, MemoryMarshal.AsBytes(values).ToArray())]).ToArray());

    /// <summary>Puts a node in front of the first node that reads its output (nodes are in topological order), or at the end.</summary>
    public void InsertNode(string type, string[] inputs, string output, params (string Name, long Value)[] attributes)
    {
        var reader = _graph.Fields.FindIndex(field =>
            field.Number == GraphNode && WireMessage.Parse(field.Bytes).Texts(NodeInput).Contains(output));
        _graph.Fields.Insert(reader < 0 ? _graph.Fields.Count : reader, WireField.Data(GraphNode, Node(type, inputs, output, attributes)));
    }

    /// <summary>Lets nodes read another value instead; where a producer is named, only the node that makes it.</summary>
    public void RenameRead(string from, string to, string? onlyProducerOf = null) =>
        EditNodes(node => onlyProducerOf is null || node.Texts(NodeOutput).Contains(onlyProducerOf), node =>
            node.Replace(NodeInput, [.. node.Texts(NodeInput).Select(input => WireField.Text(NodeInput, input == from ? to : input))]));

    /// <summary>Gives a value another name where it is made; readers keep the old one.</summary>
    public void RenameWritten(string from, string to) =>
        EditNodes(node => node.Texts(NodeOutput).Contains(from), node =>
            node.Replace(NodeOutput,
                [.. node.Texts(NodeOutput).Select(output => WireField.Text(NodeOutput, output == from ? to : output))]));

    /// <summary>Makes the producer of a value pass its first input on unchanged.</summary>
    public void Bypass(string output) =>
        EditNodes(node => node.Texts(NodeOutput).Contains(output), node =>
        {
            node.Replace(NodeInput, WireField.Text(NodeInput, node.Text(NodeInput)));
            node.Replace(NodeOperator, WireField.Text(NodeOperator, "Identity"));
            node.Fields.RemoveAll(field => field.Number == NodeAttribute);
        });

    private static string Name(WireField field) => WireMessage.Parse(field.Bytes).Text(1);

    private static OnnxNode ToNode(WireMessage node) =>
        new(node.Text(NodeOperator), node.Text(NodeDomain), [.. node.Texts(NodeInput)], [.. node.Texts(NodeOutput)]);

    private static byte[] ValueInfo(string name, OnnxElementType type, string[] dimensions)
    {
        var shape = WireMessage.Of(dimensions.Select(dimension => WireField.Data(1, WireMessage.Of([Dimension(dimension)]).ToArray())));
        var tensor = WireMessage.Of([WireField.Varint(1, (ulong)type), WireField.Data(2, shape.ToArray())]);
        var wrapped = WireMessage.Of([WireField.Data(1, tensor.ToArray())]);
        return WireMessage.Of([WireField.Text(1, name), WireField.Data(2, wrapped.ToArray())]).ToArray();
    }

    private static WireField Dimension(string dimension) =>
        ulong.TryParse(dimension, out var size) ? WireField.Varint(1, size) : WireField.Text(2, dimension);

    private static byte[] Node(string type, string[] inputs, string output, (string Name, long Value)[] attributes) =>
        WireMessage.Of([
            .. inputs.Select(input => WireField.Text(NodeInput, input)), WireField.Text(NodeOutput, output),
            WireField.Text(NodeName, "scorer/" + output), WireField.Text(NodeOperator, type),
            .. attributes.Select(a => WireField.Data(NodeAttribute, IntegerAttribute(a.Name, a.Value)))]).ToArray();

    private static byte[] IntegerAttribute(string name, long value)
    {
        const int Name = 1, Integer = 3, Type = 20, TypeInteger = 2;
        return WireMessage.Of([WireField.Text(Name, name), WireField.Varint(Integer, (ulong)value), WireField.Varint(Type, TypeInteger)])
            .ToArray();
    }

    private void Append(int number, byte[] message) => _graph.Fields.Add(WireField.Data(number, message));

    private void EditNodes(Func<WireMessage, bool> which, Action<WireMessage> edit)
    {
        for (var i = 0; i < _graph.Fields.Count; i++)
        {
            if (_graph.Fields[i].Number != GraphNode)
                continue;
            var node = WireMessage.Parse(_graph.Fields[i].Bytes);
            if (!which(node))
                continue;
            edit(node);
            _graph.Fields[i] = WireField.Data(GraphNode, node.ToArray());
        }
    }
}

/// <summary>Element types by their numbers in ONNX files.</summary>
internal enum OnnxElementType
{
    /// <summary>32-bit floating point.</summary>
    Float = 1,

    /// <summary>64-bit integers.</summary>
    Int64 = 7,

    /// <summary>16-bit floating point.</summary>
    Float16 = 10,
}
