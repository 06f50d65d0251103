using ML.Pipelines.OnnxRuntime.Graphs;

namespace ML.Pipelines.OnnxRuntime.Tests.Scoring;

/// <summary>The bundled graph as other exporters would have written it; every variant gives the same logits.</summary>
internal static class GraphVariants
{
    public const int Layers = 5, Heads = 4, HeadSize = 32;
    private static readonly string[] Tensors = [.. Enumerable.Range(0, Layers).SelectMany(i => (string[])[$".{i}.key", $".{i}.value"])];

    /// <summary>Without a cache: tokens (and a mask) to logits.</summary>
    public static void RemoveCache(OnnxGraph graph, bool keepMask)
    {
        foreach (var tensor in Tensors)
            graph.RenameRead("past_key_values" + tensor, "no_past");
        graph.AddInt64Weight("rest", Heads, 0, HeadSize);
        graph.InsertNode("ConstantOfShape", ["no_past_shape"], "no_past");
        graph.InsertNode("Concat", ["batch", "rest"], "no_past_shape", ("axis", 0));
        graph.InsertNode("Shape", ["input_ids"], "batch", ("start", 0), ("end", 1));
        if (!keepMask)
            ReplaceMask(graph);
        graph.RemoveInputs(name => name.StartsWith("past", StringComparison.Ordinal));
        graph.RemoveOutputs(name => name.StartsWith("present", StringComparison.Ordinal));
    }

    /// <summary>With position_ids: a token is looked up wrongly if its position is not its index in the chain.</summary>
    public static void AddPositions(OnnxGraph graph)
    {
        graph.AddInput("position_ids", OnnxElementType.Int64, "batch_size", "sequence_length");
        graph.RenameRead("input_ids", "shifted", onlyProducerOf: "embedded");
        graph.InsertNode("Add", ["input_ids", "shift"], "shifted");
        graph.InsertNode("Sub", ["position_ids", "query_positions"], "shift");
    }

    /// <summary>With a cache and logits of 16-bit floats.</summary>
    public static void HalvePrecision(OnnxGraph graph)
    {
        foreach (var tensor in Tensors)
            HalveCache(graph, tensor);
        graph.RenameWritten("logits", "logits32");
        graph.InsertNode("Cast", ["logits32"], "logits", ("to", (long)OnnxElementType.Float16));
        graph.ReshapeOutput("logits", OnnxElementType.Float16, "batch_size", "sequence_length", "2048");
    }

    /// <summary>With log-probabilities in the place of logits, which the editor of the head does not recognise.</summary>
    public static void NormalizeLogits(OnnxGraph graph)
    {
        graph.RenameWritten("logits", "raw");
        graph.InsertNode("LogSoftmax", ["raw"], "logits", ("axis", -1));
    }

    private static void HalveCache(OnnxGraph graph, string tensor)
    {
        var (past, present) = ("past_key_values" + tensor, "present" + tensor);
        graph.RemoveInputs(name => name == past);
        graph.AddInput(past, OnnxElementType.Float16, "batch_size", $"{Heads}", "past_sequence_length", $"{HeadSize}");
        graph.RenameRead(past, "wide" + past);
        graph.InsertNode("Cast", [past], "wide" + past, ("to", (long)OnnxElementType.Float));
        graph.RenameWritten(present, "wide" + present);
        graph.RenameRead(present, "wide" + present);
        graph.InsertNode("Cast", ["wide" + present], present, ("to", (long)OnnxElementType.Float16));
        graph.ReshapeOutput(present, OnnxElementType.Float16, "batch_size", $"{Heads}", "total_sequence_length", $"{HeadSize}");
    }

    private static void ReplaceMask(OnnxGraph graph)
    {
        graph.RenameRead("attention_mask", "ones");
        graph.InsertNode("Add", ["zeros", "one"], "ones");
        graph.InsertNode("Mul", ["input_ids", "zero"], "zeros");
        graph.AddInt64Weight("zero", 0);
        graph.AddInt64Weight("one", 1);
        graph.RemoveInputs(name => name == "attention_mask");
    }
}
