"""The model as an ONNX graph: written node by node, so that every weight is stored once and nothing is computed twice."""

from __future__ import annotations

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

from .model import MASKED, Block, Shape, TinyLanguageModel

OPSET = 16


class _Graph:
    """Nodes and weights; `add` gives the name of its output."""

    def __init__(self):
        self.nodes, self.weights, self._names = [], {}, 0

    def weight(self, name: str, values, kind=numpy.float32) -> str:
        self.weights.setdefault(name, numpy_helper.from_array(numpy.ascontiguousarray(values, kind), name))
        return name

    def number(self, value: float) -> str:
        return self.weight(f"number_{value}", value)

    def integers(self, *values: int) -> str:
        return self.weight("integers_" + "_".join(map(str, values)), values, numpy.int64)

    def add(self, operation: str, *inputs: str, outputs: int = 1, name: str | None = None, **attributes):
        self._names += 1
        names = [name] if name else [f"{operation.lower()}_{self._names}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(operation, list(inputs), names, f"{operation}_{self._names}", **attributes))
        return names[0] if outputs == 1 else names

    def length(self, tensor: str, axis: int) -> str:
        return self.add("Gather", self.add("Shape", tensor), self.weight(f"axis_{axis}", axis, numpy.int64))


def _norm(graph: _Graph, x: str, weight: str, values) -> str:
    # The shape that ONNX Runtime recognises as one operation.
    mean = graph.add("ReduceMean", graph.add("Pow", x, graph.number(2.0)), axes=[-1], keepdims=1)
    root = graph.add("Sqrt", graph.add("Add", mean, graph.number(1e-5)))
    return graph.add("Mul", graph.add("Div", x, root), graph.weight(weight, values))


def _bias(graph: _Graph, slopes) -> tuple[str, str]:
    """What is added to the scores (batch x heads x new x all tokens), and 1 or 0 for every token that is there or padding."""
    new, everything = graph.length("input_ids", 1), graph.length("attention_mask", 1)
    zero, one = graph.weight("integer_0", 0, numpy.int64), graph.weight("integer_1", 1, numpy.int64)
    rows = graph.add("Range", graph.add("Sub", everything, new), everything, one, name="query_positions")
    columns = graph.add("Range", zero, everything, one)
    distance = graph.add("Cast", graph.add("Sub", graph.add("Unsqueeze", rows, graph.integers(1)), columns), to=TensorProto.FLOAT)
    future = graph.add("Mul", graph.add("Min", distance, graph.number(0.0)), graph.number(-MASKED))
    decay = graph.add("Mul", graph.add("Max", distance, graph.number(0.0)), graph.weight("slopes", -slopes))
    there = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    padding = graph.add("Mul", graph.add("Sub", graph.number(1.0), there), graph.number(MASKED))
    padding = graph.add("Unsqueeze", padding, graph.integers(1, 2))
    causal = graph.add("Unsqueeze", graph.add("Add", decay, future), graph.integers(0))
    return graph.add("Add", causal, padding), graph.add("Unsqueeze", there, graph.integers(1, 3))


def _shifted(graph: _Graph, prefix: str, keys: str, shape: Shape, mix) -> str:
    """The mixed keys, transposed: batch x heads x head width x tokens. A convolution over the tokens, a channel at a time."""
    channels = graph.add("Reshape", graph.add("Transpose", keys, perm=[0, 1, 3, 2]), graph.integers(0, shape.width, -1))
    kernel = mix[::-1, :, 0, :].transpose(1, 2, 0).reshape(shape.width, 1, shape.shift)
    mixed = graph.add("Conv", channels, graph.weight(f"{prefix}.key_mix", kernel), group=shape.width, kernel_shape=[shape.shift],
                      pads=[shape.shift - 1, 0])
    return graph.add("Reshape", mixed, graph.integers(0, shape.heads, shape.head_width, -1))


def _block(graph: _Graph, index: int, block: Block, x: str, bias: str, there: str) -> str:
    prefix, shape = f"blocks.{index}", block.shape
    values = {name: parameter.detach().numpy() for name, parameter in block.named_parameters()}
    scaled = values["query"] * shape.head_width ** -0.5
    joined = numpy.concatenate((scaled, values["key"], values["value"])).T
    normed = _norm(graph, x, f"{prefix}.attention_norm", values["attention_norm.weight"])
    parts = graph.add("Split", graph.add("MatMul", normed, graph.weight(f"{prefix}.query_key_value", joined)), outputs=3, axis=-1)
    heads = graph.integers(0, 0, shape.heads, shape.head_width)
    query, key, value = (graph.add("Transpose", graph.add("Reshape", part, heads), perm=[0, 2, 1, 3]) for part in parts)
    key = graph.add("Concat", f"past_key_values.{index}.key", key, axis=2, name=f"present.{index}.key")
    value = graph.add("Concat", f"past_key_values.{index}.value", value, axis=2, name=f"present.{index}.value")
    mixed = _shifted(graph, prefix, graph.add("Mul", key, there), shape, values["key_mix"])
    scores = graph.add("Add", graph.add("MatMul", query, mixed), bias)
    attended = graph.add("Transpose", graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value), perm=[0, 2, 1, 3])
    attended = graph.add("Reshape", attended, graph.integers(0, 0, shape.width))
    x = graph.add("Add", x, graph.add("MatMul", attended, graph.weight(f"{prefix}.out", values["out"].T)))
    normed = _norm(graph, x, f"{prefix}.feed_norm", values["feed_norm.weight"])
    joined = numpy.concatenate((values["gate"], values["up"])).T
    gate, up = graph.add("Split", graph.add("MatMul", normed, graph.weight(f"{prefix}.gate_up", joined)), outputs=2, axis=-1)
    inner = graph.add("Mul", graph.add("Mul", gate, graph.add("Sigmoid", gate)), up)
    return graph.add("Add", x, graph.add("MatMul", inner, graph.weight(f"{prefix}.down", values["down"].T)))


def build(model: TinyLanguageModel) -> onnx.ModelProto:
    """The graph with a cache, in the names of Hugging Face Optimum; see `CachedModel`."""
    graph, shape = _Graph(), model.shape
    embedding = graph.weight("embedding", model.embedding.detach().numpy())
    bias, there = _bias(graph, model.slopes.numpy())
    x = graph.add("Gather", embedding, "input_ids", name="embedded")
    for index, block in enumerate(model.blocks):
        x = _block(graph, index, block, x, bias, there)
    x = _norm(graph, x, "norm", model.norm.weight.detach().numpy())
    graph.add("MatMul", x, graph.add("Transpose", embedding, perm=[1, 0]), name="logits")

    def tensor(name: str, *dimensions, kind=TensorProto.FLOAT):
        return helper.make_tensor_value_info(name, kind, dimensions)

    def cache(name: str, tokens: str):
        return [tensor(f"{name}.{layer}.{part}", "batch_size", shape.heads, tokens, shape.head_width)
                for layer in range(shape.layers) for part in ("key", "value")]

    inputs = [tensor("input_ids", "batch_size", "sequence_length", kind=TensorProto.INT64),
              tensor("attention_mask", "batch_size", "total_sequence_length", kind=TensorProto.INT64),
              *cache("past_key_values", "past_sequence_length")]
    outputs = [tensor("logits", "batch_size", "sequence_length", shape.vocabulary), *cache("present", "total_sequence_length")]
    proto = helper.make_graph(graph.nodes, "tinylm", inputs, outputs, list(graph.weights.values()))
    result = helper.make_model(proto, producer_name="tinylm", opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(result)
    onnx.shape_inference.infer_shapes(result, check_type=True, strict_mode=True)
    return result
