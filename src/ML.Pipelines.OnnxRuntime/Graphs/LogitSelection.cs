namespace ML.Pipelines.OnnxRuntime.Graphs;

/// <summary>
/// Rewrites a decoder graph so that the output head runs only for chosen positions: its matrix product reads
/// <c>Gather(Flatten(hidden, 2), logit_positions)</c>, and <c>logits</c> becomes [positions, vocabulary].
/// </summary>
/// <remarks>ONNX Runtime runs every node of a graph whether or not its output is fetched, so asking for fewer outputs saves
/// nothing.</remarks>
internal static class LogitSelection
{
    /// <summary>The added input: positions in the flattened [batch, sequence], 64-bit integers.</summary>
    public const string PositionsInput = "logit_positions";

    private const string Logits = "logits";
    private static readonly HashSet<string> Elementwise = ["Cast", "Mul", "Div", "Add", "Sub", "Tanh", "Identity", "Clip"];

    /// <summary>Edits the graph if its head is recognised.</summary>
    /// <returns>Null, or why the graph was left as it is.</returns>
    public static string? Apply(OnnxGraph graph, OnnxElementType logitsType)
    {
        var nodes = graph.Nodes.ToList();
        var weights = graph.InitializerShapes();
        if (FindHead(nodes, weights, out var flattened) is not { } head)
            return "no matrix product with only elementwise operations behind it makes the logits";
        if (nodes.Count(node => node.Inputs.Contains(head.Outputs[0])) > 1)
            return "the head's product is read by more than one node";
        Select(graph, head, flattened);
        graph.AddInput(PositionsInput, OnnxElementType.Int64, "positions");
        graph.ReshapeOutput(Logits, logitsType, "positions", Columns(head, weights));
        graph.RemoveInnerShapes();
        return null;
    }

    private static void Select(OnnxGraph graph, OnnxNode head, OnnxNode? flattened)
    {
        var hidden = head.Inputs[0];
        graph.RenameRead(hidden, "scorer/selected", onlyProducerOf: head.Outputs[0]);
        graph.InsertNode("Gather", [head.Operator == "Gemm" ? hidden : "scorer/flat", PositionsInput], "scorer/selected", ("axis", 0));
        if (head.Operator != "Gemm")
            graph.InsertNode("Flatten", [hidden], "scorer/flat", ("axis", 2));
        if (flattened is not null)
            graph.Bypass(flattened.Outputs[0]);
    }

    /// <summary>Walks up from the logits; a Gemm is two-dimensional and has a Reshape behind it, which is returned too.</summary>
    private static OnnxNode? FindHead(List<OnnxNode> nodes, Dictionary<string, long[]> weights, out OnnxNode? reshape)
    {
        reshape = null;
        var value = Logits;
        while (nodes.Find(node => node.Outputs.Contains(value)) is { } node)
        {
            if (IsHead(node))
                return (node.Operator == "Gemm") == (reshape is not null) ? node : null;
            if (node.Operator == "Reshape" && reshape is null)
                reshape = node;
            else if (!Elementwise.Contains(node.Operator) || !ReadsOneRowOnly(node, nodes, weights))
                return null;
            value = node.Inputs[0];
        }
        return null;
    }

    private static bool IsHead(OnnxNode node) =>
        node is { Operator: "MatMul" or "Gemm", Domain: "" or "ai.onnx" } or { Operator: "MatMulNBits" };

    // Every other operand must be the same for all positions: a constant of at most one dimension.
    private static bool ReadsOneRowOnly(OnnxNode node, List<OnnxNode> nodes, Dictionary<string, long[]> weights) =>
        node.Inputs.Skip(1).All(input => input.Length == 0
            || (weights.TryGetValue(input, out var shape) ? shape.Length <= 1
                : nodes.Find(n => n.Outputs.Contains(input))?.Operator == "Constant"));

    private static string Columns(OnnxNode head, Dictionary<string, long[]> weights) =>
        head.Operator == "MatMul" && weights.TryGetValue(head.Inputs[1], out var shape) ? $"{shape[^1]}" : "vocabulary";
}
