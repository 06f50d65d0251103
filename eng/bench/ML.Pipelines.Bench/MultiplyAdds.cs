using System.Text.Json;
using ML.Pipelines.OnnxRuntime;
using ML.Pipelines.OnnxRuntime.Graphs;

namespace ML.Pipelines.Bench;

/// <summary>Multiply-adds of decoder passes: projections and head from the graph's weights, attention from its cache's
/// dimensions.</summary>
/// <param name="Projections">For each token: all matrix products with weights but the head.</param>
/// <param name="Attention">For each pair of a new token and a token that it is compared with, masked or not: all heads and layers, scores
/// and mix.</param>
/// <param name="Head">For each position whose logits are computed.</param>
internal sealed record MultiplyAdds(long Projections, long Attention, long Head)
{
    public static MultiplyAdds Of(OnnxModel model)
    {
        var graph = OnnxGraph.Parse(model.Read(model.GraphFile)!);
        var products = Products(graph);
        using var config = JsonDocument.Parse(model.Read("config.json")!);
        var root = config.RootElement;
        var width = root.GetProperty("num_attention_heads").GetInt64() * root.GetProperty("head_dim").GetInt64();
        var layers = root.GetProperty("num_hidden_layers").GetInt64();
        var head = products.Single(product => product.Output == "logits").Size;
        return new(products.Sum(product => product.Size) - head, 2 * width * layers, head);
    }

    /// <summary>One pass.</summary>
    public double Pass(long rows, long past, long tokens, long logits) =>
        (double)rows * tokens * Projections + (double)rows * tokens * (past + tokens) * Attention + (double)logits * Head;

    private static List<(string Output, long Size)> Products(OnnxGraph graph)
    {
        var weights = graph.InitializerShapes();
        foreach (var node in graph.Nodes.Where(node => node.Operator == "Transpose" && weights.ContainsKey(node.Inputs[0])).ToList())
            weights[node.Outputs[0]] = weights[node.Inputs[0]];
        return [.. graph.Nodes.Where(node => node.Operator is "MatMul" or "Gemm" && weights.ContainsKey(node.Inputs[1]))
            .Select(node => (node.Outputs[0], weights[node.Inputs[1]].Aggregate((a, b) => a * b)))];
    }
}
