"""A quick look at a checkpoint, in torch: leave-one-out importance and greedy replies. The card's figures are measured by `mlpipe`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy
import torch
from torch.nn import functional

from .model import CachedModel, TinyLanguageModel
from .tokenizer import ASSISTANT, END, USER, Tokenizer
from .traces import BRIDGE, prefix, segments
from .train import load


def auc(positives, negatives) -> float:
    """The share of pairs in which the positive is greater; ties count half."""
    positives, negatives = numpy.asarray(positives)[:, None], numpy.asarray(negatives)[None, :]
    return float(((positives > negatives) + 0.5 * (positives == negatives)).mean())


def importances(model: TinyLanguageModel, tokenizer: Tokenizer, question: str, steps: list[str], answer: str) -> numpy.ndarray:
    """Of every step: mean negative log-likelihood of the answer without it, less that with all steps (nats a token)."""
    pieces = [tokenizer.encode(segment) for segment in segments(steps)]
    before = [END] + tokenizer.encode(prefix(question))
    after, target = tokenizer.encode(BRIDGE), tokenizer.encode(answer)
    rows = [before + [token for index, piece in enumerate(pieces) if index != left_out for token in piece] + after + target
            for left_out in range(-1, len(pieces))]
    length = max(map(len, rows))
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    for row, tokens in zip(ids, rows):
        row[:len(tokens)] = torch.tensor(tokens)
    with torch.no_grad():
        hidden = model.hidden(ids)
        losses = []
        for row, tokens in zip(hidden, rows):
            logits = functional.linear(row[len(tokens) - len(target) - 1:len(tokens) - 1], model.embedding)
            losses.append(functional.cross_entropy(logits, torch.tensor(target)).item())
    return numpy.array(losses[1:]) - losses[0]


def reply(model: TinyLanguageModel, tokenizer: Tokenizer, prompt: str, most: int = 400) -> str:
    """The greedy reply to a prompt."""
    cached, out = CachedModel(model), []
    ids = torch.tensor([[END, USER] + tokenizer.encode(prompt) + [ASSISTANT]])
    cache, seen = cached.empty_cache(), 0
    with torch.no_grad():
        while len(out) < most:
            seen += ids.shape[1]
            logits, *cache = cached(ids, torch.ones(1, seen, dtype=torch.long), *cache)
            best = int(logits[0, -1].argmax())
            if best == END:
                break
            out.append(best)
            ids = torch.tensor([[best]])
    return tokenizer.decode(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--evaluation", type=Path, required=True, help="the folder that heldout.py wrote")
    parser.add_argument("--limit", type=int, default=50, help="rows a cell")
    parser.add_argument("--show", action="store_true", help="print wrong replies")
    options = parser.parse_args()
    model, saved = load(options.checkpoint)
    tokenizer = Tokenizer.load(options.tokenizer)
    print(f"{saved['tokens']:,} tokens, {saved['seconds']:.0f} s")

    def cells(file: str, *keys: str) -> dict[tuple, list[dict]]:
        result: dict[tuple, list[dict]] = {}
        with open(options.evaluation / file, encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                result.setdefault(tuple(row[key] for key in keys), []).append(row)
        return result

    for cell, rows in cells("traces.jsonl", "form", "split").items():
        scores: dict[str, list[float]] = {"critical": [], "redundant": [], "shadowed": []}
        top = []
        for row in rows[:options.limit]:
            values = importances(model, tokenizer, row["question"], [step["text"] for step in row["steps"]], row["answer"])
            for step, value in zip(row["steps"], values):
                scores[step["label"]].append(value)
            top.append(row["steps"][int(values.argmax())]["label"] == "critical")
        print(*cell, f"AUC {auc(scores['critical'], scores['redundant']):.3f}, top step critical {numpy.mean(top):.3f}", flush=True)
    for cell, rows in cells("prompts.jsonl", "task", "split").items():
        right = []
        for row in rows[:options.limit]:
            got = reply(model, tokenizer, row["prompt"])
            if cell[0] == "solve":
                right.append(got.split("Final answer: ")[-1] == row["answer"])
            elif cell[0] == "ask":
                right.append(got in row["questions"])
            else:
                right.append(got == row["reply"])
            if options.show and not right[-1]:
                print(f"--- {row['prompt']}\n>>> {got}\n=== {row['reply']}")
        print(*cell, f"{numpy.mean(right):.3f}", flush=True)


if __name__ == "__main__":
    main()
