"""Writes a checkpoint as a model folder: ONNX graph with cache in the names of Hugging Face Optimum, and the files beside it."""

from __future__ import annotations

import argparse
import json
import random
import shutil
from pathlib import Path

import onnx
import torch

from . import graph
from .model import CachedModel, TinyLanguageModel
from .tokenizer import ASSISTANT, END, PAD, SPECIAL, USER, Tokenizer
from .traces import BRIDGE, make_trace
from .train import average, load
from .words import WORDS

CONTEXT = 16384
TOLERANCE = 1e-4
"""How far the cached graph may be from the model without a cache, in logits."""

CHAT_TEMPLATE = (
    "{{ bos_token }}{% set ns = namespace(system='') %}{% for message in messages %}"
    "{% if message['role'] == 'system' %}{% set ns.system = message['content'] + '\n\n' %}"
    "{% elif message['role'] == 'user' %}{{ '<|user|>' + ns.system + message['content'] }}{% set ns.system = '' %}"
    "{% elif message['role'] == 'assistant' %}{{ '<|assistant|>' + message['content'] + eos_token }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}")


def check(model: TinyLanguageModel, tokens: int = 200) -> dict[str, float]:
    """The largest difference in logits of the cached model to the model without a cache: in one pass, token by token, padded."""
    cached, vocabulary = CachedModel(model), model.shape.vocabulary
    ids = torch.randint(4, vocabulary, (1, tokens), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        full = model(ids)[0]
        whole = cached(ids, torch.ones_like(ids), *cached.empty_cache())[0][0]
        cache, steps = cached.empty_cache(), 0.0
        for place in range(tokens):
            out = cached(ids[:, place:place + 1], torch.ones(1, place + 1, dtype=torch.long), *cache)
            cache, steps = out[1:], max(steps, float((out[0][0, 0] - full[place]).abs().max()))
        mask = torch.cat((torch.zeros(1, 8, dtype=torch.long), torch.ones(1, tokens, dtype=torch.long)), 1)
        padded = cached(torch.cat((torch.full((1, 8), PAD), ids), 1), mask, *cached.empty_cache())[0][0, 8:]
    return {"one pass": float((whole - full).abs().max()), "token by token": steps, "left padding": float((padded - full).abs().max())}


def configurations(model: TinyLanguageModel) -> dict[str, dict]:
    """The JSON files of the model folder. `llama` makes Hugging Face's loaders accept it; the graph is not a llama's."""
    shape, end = model.shape, SPECIAL[END]
    ends = dict(bos_token_id=END, eos_token_id=END, pad_token_id=PAD)
    return {
        "config.json": dict(
            model_type="llama", architectures=["LlamaForCausalLM"], vocab_size=shape.vocabulary, hidden_size=shape.width,
            intermediate_size=shape.inner, num_hidden_layers=shape.layers, num_attention_heads=shape.heads,
            num_key_value_heads=shape.heads, head_dim=shape.head_width, max_position_embeddings=CONTEXT, rms_norm_eps=1e-5,
            tie_word_embeddings=True, torch_dtype="float32", **ends,
            note="Not a llama: ALiBi, one head without positions, and a key shift of width 3. Only the ONNX graph runs it."),
        "generation_config.json": dict(do_sample=False, max_new_tokens=512, **ends),
        "tokenizer_config.json": dict(
            tokenizer_class="PreTrainedTokenizerFast", bos_token=end, eos_token=end, pad_token=SPECIAL[PAD],
            additional_special_tokens=[SPECIAL[USER], SPECIAL[ASSISTANT]], model_max_length=CONTEXT, clean_up_tokenization_spaces=False,
            chat_template=CHAT_TEMPLATE),
    }


def sample(model: TinyLanguageModel, tokenizer: Tokenizer) -> dict:
    """A text with its ids and the log-probability of each after the first, for a check of other engines."""
    trace = make_trace(random.Random(1), WORDS)
    text = trace.prefix + trace.chain + BRIDGE + trace.answer
    ids = [END] + tokenizer.encode(text)
    with torch.no_grad():
        values = torch.log_softmax(model(torch.tensor([ids]))[0, :-1], -1)
    return dict(text=text, ids=ids, logProbabilities=[round(float(values[place, token]), 6) for place, token in enumerate(ids[1:])])


def write(model: TinyLanguageModel, tokenizer_file: Path, folder: Path) -> None:
    """Writes the model folder, once the graph with a cache was found to be the model."""
    differences = check(model)
    for name, difference in differences.items():
        print(f"cached against whole, {name}: {difference:.1e}")
        if difference > TOLERANCE:
            raise SystemExit(f"The cached graph differs by {difference:.1e}, more than {TOLERANCE:.0e}: {name}.")
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    onnx.save(graph.build(model), str(folder / "onnx" / "model.onnx"))
    shutil.copyfile(tokenizer_file, folder / "tokenizer.json")
    for name, content in configurations(model).items():
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def export(checkpoints: list[Path], tokenizer_file: Path, folder: Path, sample_file: Path) -> None:
    """The model of a checkpoint, or the mean of two."""
    models = [load(checkpoint)[0] for checkpoint in checkpoints]
    model = models[0] if len(models) == 1 else average(*models, 0.5)
    write(model, tokenizer_file, folder)
    sample_file.parent.mkdir(parents=True, exist_ok=True)
    sample_file.write_text(json.dumps(sample(model, Tokenizer.load(tokenizer_file))) + "\n", encoding="utf-8")
    print(f"{model.parameter_count:,} parameters, {(folder / 'onnx' / 'model.onnx').stat().st_size:,} bytes in {folder}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True, help="one, or two whose mean is the model")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the model folder")
    parser.add_argument("--sample", type=Path, required=True, help="where a text with the model's log-probabilities goes")
    options = parser.parse_args()
    export(options.checkpoint, options.tokenizer, options.out, options.sample)


if __name__ == "__main__":
    main()
