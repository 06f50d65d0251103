"""The model: a decoder with RMSNorm, SwiGLU and tied embedding; positions by ALiBi, one head without them, and a key shift."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

MASKED = -1e9


@dataclass(frozen=True)
class Shape:
    """Sizes. `slopes` are ALiBi's (Press et al. 2022), one a head; 0 is a head without positions."""

    vocabulary: int = 2048
    width: int = 128
    layers: int = 5
    inner: int = 352
    slopes: tuple[float, ...] = (0.0, 0.004, 0.06, 0.6)
    shift: int = 3
    """Width of the key shift: a key is mixed, a channel at a time, with those of the tokens before it, so that one layer can match on
    what stood before a token. Keys are cached unshifted."""

    @property
    def heads(self) -> int:
        return len(self.slopes)

    @property
    def head_width(self) -> int:
        return self.width // self.heads


class RMSNorm(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight


class CausalAttention(torch.autograd.Function):
    """Softmax attention, a block of queries at a time over the keys that it may see: half of the work, and scores that fit the cache."""

    BLOCK = 128

    @staticmethod
    def _spans(tokens: int):
        return [(start, min(start + CausalAttention.BLOCK, tokens)) for start in range(0, tokens, CausalAttention.BLOCK)]

    @staticmethod
    def forward(context, query, key, value, bias):
        rows, tokens, _ = query.shape
        heads = bias.shape[0]
        result, weights = torch.empty_like(query), []
        for start, end in CausalAttention._spans(tokens):
            block_bias = bias[:, start:end, :end].expand(rows // heads, heads, end - start, end).reshape(rows, end - start, end)
            weights.append(torch.softmax(torch.baddbmm(block_bias, query[:, start:end], key[:, :end].transpose(1, 2)), -1))
            result[:, start:end] = torch.bmm(weights[-1], value[:, :end])
        context.save_for_backward(query, key, value, *weights)
        return result

    @staticmethod
    def backward(context, gradient):
        query, key, value, *weights = context.saved_tensors
        of_query, of_key, of_value = torch.empty_like(query), torch.zeros_like(key), torch.zeros_like(value)
        for (start, end), weight in zip(CausalAttention._spans(query.shape[1]), weights):
            part = gradient[:, start:end]
            of_value[:, :end].baddbmm_(weight.transpose(1, 2), part)
            of_weight = torch.bmm(part, value[:, :end].transpose(1, 2))
            of_score = of_weight.sub_((of_weight * weight).sum(-1, keepdim=True)).mul_(weight)
            of_query[:, start:end] = torch.bmm(of_score, key[:, :end])
            of_key[:, :end].baddbmm_(of_score.transpose(1, 2), query[:, start:end])
        return of_query, of_key, of_value, None


class TokenLoss(torch.autograd.Function):
    """The negative log-likelihood of every target: what cross_entropy gives, at a third of its time on a CPU."""

    @staticmethod
    def forward(context, logits, targets):
        probabilities = torch.softmax(logits, -1)
        context.save_for_backward(probabilities, targets)
        return -torch.log(probabilities.gather(1, targets[:, None]).squeeze(1).clamp(min=1e-30))

    @staticmethod
    def backward(context, gradient):
        probabilities, targets = context.saved_tensors
        result = probabilities * gradient[:, None]
        result.scatter_add_(1, targets[:, None], -gradient[:, None])
        return result, None


class Block(nn.Module):
    """Attention and feed-forward. Query, key and value weights, and gate and up weights, are single matrices for the optimiser, joined
    for the product."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        width = shape.width
        self.attention_norm, self.feed_norm = RMSNorm(width), RMSNorm(width)
        self.query, self.key, self.value, self.out = (nn.Parameter(torch.empty(width, width)) for _ in range(4))
        self.gate, self.up = (nn.Parameter(torch.empty(shape.inner, width)) for _ in range(2))
        self.down = nn.Parameter(torch.empty(width, shape.inner))
        mix = torch.randn(shape.shift, shape.heads, 1, shape.head_width)
        mix[0], mix[1], mix[2] = 1.0, mix[1] * 0.5, mix[2] * 0.2
        self.key_mix = nn.Parameter(mix)

    def shifted(self, keys):
        padded = functional.pad(keys, (0, 0, self.shape.shift - 1, 0))
        length = keys.shape[2]
        last = self.shape.shift - 1
        return sum(padded[:, :, last - back:last - back + length] * self.key_mix[back] for back in range(self.shape.shift))

    def projected(self, x):
        """Queries (scaled), keys, values: batch x heads x tokens x head width."""
        batch, tokens, _ = x.shape
        joined = functional.linear(self.attention_norm(x), torch.cat((self.query, self.key, self.value)))
        query, key, value = joined.view(batch, tokens, 3, self.shape.heads, self.shape.head_width).permute(2, 0, 3, 1, 4)
        return query * self.shape.head_width ** -0.5, key, value

    def merged(self, x, attended):
        """Adds the attention's output (batch x heads x tokens x head width) and the feed-forward."""
        batch, tokens, width = x.shape
        x = x + functional.linear(attended.transpose(1, 2).reshape(batch, tokens, width), self.out)
        gate, up = functional.linear(self.feed_norm(x), torch.cat((self.gate, self.up))).split(self.shape.inner, -1)
        return x + functional.linear(functional.silu(gate) * up, self.down)

    def forward(self, x, bias):
        """Full causal attention; `bias` is heads x tokens x tokens."""
        batch, tokens, _ = x.shape
        query, key, value = self.projected(x)
        flat = (batch * self.shape.heads, tokens, self.shape.head_width)
        attended = CausalAttention.apply(query.reshape(flat), self.shifted(key).reshape(flat), value.reshape(flat), bias)
        return self.merged(x, attended.view(batch, self.shape.heads, tokens, self.shape.head_width))


class TinyLanguageModel(nn.Module):
    """Token ids (batch x tokens) to logits (batch x tokens x vocabulary)."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.randn(shape.vocabulary, shape.width) * 0.02)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = RMSNorm(shape.width)
        self.register_buffer("slopes", torch.tensor(shape.slopes)[:, None, None], persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2 and name != "embedding":
                nn.init.normal_(parameter, 0, shape.width ** -0.5 * (0.3 if name.endswith(("out", "down")) else 1))
        self._biases: dict[int, torch.Tensor] = {}

    @property
    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())

    def matrices(self) -> list[nn.Parameter]:
        """The weights that Muon trains."""
        return [parameter for name, parameter in self.named_parameters() if parameter.dim() == 2 and name != "embedding"]

    def others(self) -> list[nn.Parameter]:
        matrices = {id(parameter) for parameter in self.matrices()}
        return [parameter for parameter in self.parameters() if id(parameter) not in matrices]

    def causal_bias(self, tokens: int):
        if tokens not in self._biases:
            place = torch.arange(tokens)
            distance = (place[:, None] - place[None, :]).float()
            self._biases[tokens] = torch.where(distance >= 0, 0.0, MASKED) - distance.clamp(min=0) * self.slopes
        return self._biases[tokens]

    def hidden(self, ids):
        x, bias = functional.embedding(ids, self.embedding), self.causal_bias(ids.shape[1])
        for block in self.blocks:
            x = block(x, bias)
        return self.norm(x)

    def forward(self, ids):
        return functional.linear(self.hidden(ids), self.embedding)


class CachedModel(nn.Module):
    """
    The model with a cache, in the inputs and outputs of Hugging Face Optimum: `input_ids` (batch x new tokens), `attention_mask`
    (batch x all tokens, 0 = padding on the left), then key and value of every layer (batch x heads x past tokens x head width).
    """

    def __init__(self, model: TinyLanguageModel):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, *past):
        model = self.model
        new, before = input_ids.shape[1], past[0].shape[2]
        distance = (torch.arange(new)[:, None] + before - torch.arange(before + new)[None, :]).float()
        present_tokens = attention_mask.to(torch.float32)
        bias = torch.where(distance >= 0, 0.0, MASKED) - distance.clamp(min=0) * model.slopes
        bias = bias[None] + ((1.0 - present_tokens) * MASKED)[:, None, None, :]
        keep = present_tokens[:, None, :, None]
        x, present = functional.embedding(input_ids, model.embedding), []
        for index, block in enumerate(model.blocks):
            query, key, value = block.projected(x)
            key, value = torch.cat((past[2 * index], key), 2), torch.cat((past[2 * index + 1], value), 2)
            present += [key, value]
            scores = query @ block.shifted(key * keep).transpose(-1, -2) + bias
            x = block.merged(x, torch.softmax(scores, -1) @ value)
        return (functional.linear(model.norm(x), model.embedding), *present)

    def empty_cache(self, batch: int = 1):
        shape = self.model.shape
        return [torch.zeros(batch, shape.heads, 0, shape.head_width) for _ in range(2 * shape.layers)]
