using ML.Pipelines.OnnxRuntime.Graphs;

namespace ML.Pipelines.OnnxRuntime.Tests.Graphs;

/// <summary>Moves a weight of an ONNX file into a file of its own.</summary>
internal static class ExternalWeight
{
    private const int Graph = 7, Initializer = 5, Name = 8, RawData = 9, ExternalData = 13, DataLocation = 14;

    public static (byte[] Model, byte[] Weight) Move(byte[] model, string weight, string file)
    {
        var root = WireMessage.Parse(model);
        var graph = root.Message(Graph)!;
        var at = graph.Fields.FindIndex(field => field.Number == Initializer && WireMessage.Parse(field.Bytes).Text(Name) == weight);
        var tensor = WireMessage.Parse(graph.Fields[at].Bytes);
        var bytes = tensor.All(RawData).Single().Bytes.ToArray();
        tensor.Fields.RemoveAll(field => field.Number == RawData);
        tensor.Fields.Add(WireField.Data(ExternalData, WireMessage.Of([WireField.Text(1, "location"), WireField.Text(2, file)]).ToArray()));
        tensor.Fields.Add(WireField.Varint(DataLocation, 1));
        graph.Fields[at] = WireField.Data(Initializer, tensor.ToArray());
        root.Replace(Graph, WireField.Data(Graph, graph.ToArray()));
        return (root.ToArray(), bytes);
    }
}
