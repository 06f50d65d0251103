"""Trains a small model on rows of instruction and output, and writes it as a model folder: a trainer as docs/training.md asks for."""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from pathlib import Path

import torch

from .corpus import _Encoder, _pack
from .export import write
from .model import Shape, TinyLanguageModel
from .optimizer import Group
from .tokenizer import Tokenizer
from .train import AGAIN_PEAK, ROWS, load, save, train

VOCABULARY = 512
SHAPE = dict(width=64, layers=3, inner=160)
"""What a model is that starts from nothing."""

LENGTH = 192

CHECKPOINT, TOKENIZER = "checkpoint.pt", "tokenizer.json"


def read(path: Path) -> list[dict]:
    """The rows, as the chat tasks have them."""
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [dict(prompt=row["instruction"], reply=row["output"]) for row in rows]


def corpus(rows: list[dict], tokenizer: Tokenizer, steps: int, length: int, seed: int) -> dict:
    """Packed rows for a number of steps: all examples once, and again, each time in another order."""
    rng, encoder = random.Random(seed), _Encoder(tokenizer)
    examples = [encoder.task(row) for row in rows]
    wanted = steps * ROWS * (length + 1)
    documents, tokens = [], 0
    while tokens < wanted:
        documents += rng.sample(examples, len(examples))
        tokens += sum(min(len(ids), length + 1) for ids, _ in examples)
    ids, weights = _pack(documents, length)
    return dict(ids=ids[:steps * ROWS], weights=weights[:steps * ROWS], long_ids=ids[:0], long_weights=weights[:0])


def finetune(rows: list[dict], tokenizer: Tokenizer, start: TinyLanguageModel | None, steps: int, length: int,
             seed: int) -> TinyLanguageModel:
    shape = start.shape if start else Shape(vocabulary=len(tokenizer.vocabulary), **SHAPE)
    peak = AGAIN_PEAK if start else 1.0
    data = corpus(rows, tokenizer, steps, length, seed)
    return train(data, shape, seed, Group(), report=lambda line: print(line, flush=True), start=start, peak=peak).eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="JSON Lines of instruction and output")
    parser.add_argument("--out", type=Path, required=True, help="the model folder; it can be a --base")
    parser.add_argument("--base", default="", help="a folder that this wrote; empty: a new model and tokenizer")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--length", type=int, default=LENGTH, help=f"tokens of a training row, default {LENGTH}; longer examples are cut")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    rows = read(options.data)
    start = load(Path(options.base) / CHECKPOINT)[0] if options.base else None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(options.base) / TOKENIZER if options.base else Path(folder) / TOKENIZER
        if not options.base:
            Tokenizer.train([text for row in rows for text in row.values()], VOCABULARY).save(file)
        model = finetune(rows, Tokenizer.load(file), start, options.steps, options.length, options.seed)
        write(model, file, options.out)
    save(model, options.out / CHECKPOINT, options.seed, 0, 0.0)


if __name__ == "__main__":
    main()
