using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ML.Pipelines.OnnxRuntime.Generation;

/// <summary>Reads logits.</summary>
internal static class TokenChoice
{
    /// <summary>The token with the largest logit; the first of equals.</summary>
    /// <exception cref="PipelineException">With <see cref="ErrorCode.NotFinite"/>.</exception>
    public static int Greedy(ReadOnlySpan<float> logits)
    {
        var token = TensorPrimitives.IndexOfMax(logits);
        return token >= 0 && float.IsFinite(logits[token]) ? token
            : throw new PipelineException(ErrorCode.NotFinite,
                "The model answered with logits that are not finite: its weights are damaged, or its precision is too low for this input.");
    }

    /// <summary>A line of logits in a model's output, valid as long as that.</summary>
    /// <param name="logits">[..., vocabulary] in 32- or 16-bit floats.</param>
    /// <param name="line">The position, counted over all dimensions before the last.</param>
    public static ReadOnlySpan<float> Line(OrtValue logits, int line)
    {
        var info = logits.GetTensorTypeAndShape();
        var columns = (int)info.Shape[^1];
        var bytes = logits.GetTensorMutableRawData();
        if (info.ElementDataType != TensorElementType.Float16)
            return MemoryMarshal.Cast<byte, float>(bytes).Slice(line * columns, columns);
        var wide = new float[columns];
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes).Slice(line * columns, columns), wide);
        return wide;
    }
}
