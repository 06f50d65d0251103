"""The training corpus: documents with a loss weight a token, packed into rows of fixed length."""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy

from . import sources
from .tasks import ANSWER_MARK, COPYING_SHARES, SHARES, SOLVING_SHARES, Row, training_row
from .tokenizer import ASSISTANT, END, USER, Tokenizer
from .traces import BRIDGE, Trace, segments, training_trace
from .words import LATE, TRAIN

# Loss weights in tenths: what a reader is given counts little, the answer most.
PROMPT, QUESTION, TEXT, REPLY, SHORT_REPLY, ANSWER = 1, 3, 10, 15, 40, 40
SHORT = 24
"""Replies up to as many characters are short."""

VOCABULARY = 2048

BLOCKS = 16
"""The generated part is made in as many blocks, each from a seed of its own."""

ROW_TOKENS = 512
LONG_ROW_TOKENS = 1024


@dataclass(frozen=True)
class Recipe:
    """How much of what: numbers of generated documents, and real text as multiples of the tokens of the traces."""

    traces: int = 20_000
    tasks: int = 190_000
    gsm8k: float = 0.5
    aime: float = 0.2
    documents: float = 0.4
    long_share: float = 0.2
    """Share of the documents in rows of 1,024 tokens; the others are of 512."""
    shares: dict[str, float] = field(default_factory=lambda: SHARES)
    """Of the tasks among the task rows."""
    split: str = TRAIN
    """Of the generated documents."""


_LATER = Recipe(traces=1_600, gsm8k=1.0, aime=0.4, documents=0.5, split=LATE)

PARTS = {
    "main": Recipe(),
    "copying": replace(_LATER, tasks=38_000, shares=COPYING_SHARES),
    "solving": replace(_LATER, tasks=28_000, shares=SOLVING_SHARES),
}
"""First all; then, at a low rate and each from there, phrasings of other shapes: one part with more of the tasks that copy, one with more
solving. The result is the mean of these two: in each task it is near the better one."""


def part_seed(seed: int, part: str) -> int:
    return seed + 1_000_000 * list(PARTS).index(part)


class _Encoder:
    """Documents as (ids, weights)."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer

    def join(self, *parts: tuple[str | int, int]) -> tuple[list[int], list[int]]:
        ids: list[int] = []
        weights: list[int] = []
        for part, weight in parts:
            new = [part] if isinstance(part, int) else self.tokenizer.encode(part)
            ids += new
            weights += [weight] * len(new)
        return ids, weights

    def chain(self, prefix: str, parts: list[str], answer: str, by_step: bool):
        pieces = parts if by_step else ["".join(parts)]
        return self.join((END, PROMPT), (prefix, QUESTION), *((piece, TEXT) for piece in pieces), (BRIDGE, TEXT), (answer + "\n", ANSWER))

    def trace(self, trace: Trace, by_step: bool):
        return self.chain(trace.prefix, trace.segments(), trace.answer, by_step)

    def task(self, row: Row):
        turns = [(row["prompt"], row["reply"]), *row.get("turns", ())]
        parts = [part for prompt, reply in turns for part in self._turn(prompt, reply)]
        return self.join((END, PROMPT), *parts)

    @staticmethod
    def _turn(prompt: str, reply: str) -> list[tuple[str | int, int]]:
        if len(reply) <= SHORT:
            parts = [(reply, SHORT_REPLY)]
        elif ANSWER_MARK in reply:
            # The space belongs to the answer, as in a tokenizer's whole text.
            cut = reply.index(ANSWER_MARK) + len(ANSWER_MARK) - 1
            parts = [(reply[:cut], REPLY), (reply[cut:], ANSWER)]
        else:
            # The results of equations weigh as much as answers do. Digits are tokens of their own: cutting beside them changes no token.
            parts = [(part, ANSWER if part.isdigit() else REPLY) for part in re.split(r"(?<== )(\d+)", reply)]
        return [(USER, PROMPT), (prompt, PROMPT + 1), (ASSISTANT, PROMPT + 1), *parts, (END, REPLY)]

    def math(self, rng: random.Random, problem: sources.MathProblem):
        """In a third of the rows the sentences are shuffled or one of them is missing, so that position alone tells nothing."""
        sentences, chance = list(problem.sentences), rng.random()
        if chance < 0.2:
            rng.shuffle(sentences)
        elif chance < 0.35 and len(sentences) > 1:
            del sentences[rng.randrange(len(sentences) - 1)]
        return self.chain(problem.prefix, segments(sentences), problem.answer, by_step(rng))

    def text(self, text: str):
        return self.join((END, TEXT), (text, TEXT))


def by_step(rng: random.Random) -> bool:
    """Whether a chain is tokenized as the scorer does it, step by step, or as a reader of whole texts would: half and half."""
    return rng.random() < 0.5


def generated(seed: int, block: int, recipe: Recipe, documents: list[str]) -> Iterator[tuple[Trace, bool] | Row]:
    """A block of the generated part: traces, with how they are tokenized, and then task rows."""
    rng = random.Random(seed * 1000 + block)
    for _ in range(recipe.traces // BLOCKS):
        yield training_trace(rng, recipe.split), by_step(rng)
    for _ in range(recipe.tasks // BLOCKS):
        yield training_row(rng, recipe.split, documents, recipe.shares)


def tokenizer_texts(data: Path, seed: int):
    """What the tokenizer learns from: every training source, the long documents in part."""
    rng = random.Random(seed)
    for _ in range(3000):
        trace = training_trace(rng, TRAIN)
        yield trace.prefix + trace.chain + BRIDGE + trace.answer
        yield from trace.segments()
    documents = sources.documents(data, TRAIN)
    for _ in range(3000):
        row = training_row(rng, TRAIN, documents, SHARES)
        yield row["prompt"]
        yield row["reply"]
    for problem in sources.gsm8k(data, TRAIN):
        yield problem.prefix + "\n".join(problem.sentences)
    for text in sources.aime(data, TRAIN):
        yield from (text, text)
    for text in documents:
        yield text[:120_000]


def _pack(documents: list[tuple[list[int], list[int]]], length: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Rows of whole documents, so that no reply stands without its prompt; what is left of a row is filled with the beginning of the
    next document, which still comes whole in a later row."""
    rows, buffer = [], []
    source = iter(documents)
    exhausted = False
    while True:
        ids: list[int] = []
        weights: list[int] = []
        while len(ids) <= length:
            while not exhausted and len(buffer) < 48:
                document = next(source, None)
                exhausted = document is None
                if document:
                    buffer.append(document)
            if not buffer:
                break
            free = length + 1 - len(ids)
            # The first one in a row is taken as it is, also one that no row holds.
            fitting = next((index for index, document in enumerate(buffer) if not ids or len(document[0]) <= free), None)
            chosen = buffer.pop(fitting) if fitting is not None else buffer[0]
            ids += chosen[0]
            weights += chosen[1]
        if len(ids) <= length:
            break
        rows.append((ids[:length + 1], weights[:length + 1]))
    return (numpy.array([row[0] for row in rows], numpy.uint16).reshape(-1, length + 1),
            numpy.array([row[1] for row in rows], numpy.uint8).reshape(-1, length + 1))


def _for_length(documents: list[tuple[list[int], list[int]]], length: int, long_share: float) -> list:
    """The documents of the short or the long rows: a share of all, and whatever does not fit a short row, goes to the long ones."""
    cut = int(len(documents) * (1 - long_share))
    short = [document for document in documents[:cut] if len(document[0]) <= ROW_TOKENS]
    if length == ROW_TOKENS:
        return short
    return [document for document in documents[:cut] if len(document[0]) > ROW_TOKENS] + documents[cut:]


def _windows(documents: list[tuple[list[int], list[int]]], length: int, count: int, rng: random.Random):
    """Windows at random places of long documents."""
    ids = numpy.array([token for document in documents for token in document[0]], numpy.uint16)
    starts = [rng.randrange(len(ids) - length - 1) for _ in range(count)]
    return (numpy.stack([ids[start:start + length + 1] for start in starts]),
            numpy.full((count, length + 1), TEXT, numpy.uint8))


def _encoded_block(job: tuple) -> tuple[list, list]:
    tokenizer_file, data, seed, block, recipe = job
    encoder = _Encoder(Tokenizer.load(tokenizer_file))
    traces, tasks = [], []
    for example in generated(seed, block, recipe, sources.documents(data, TRAIN)):
        if isinstance(example, tuple):
            traces.append(encoder.trace(*example))
        else:
            tasks.append(encoder.task(example))
    return traces, tasks


def _encode_generated(tokenizer_file: Path, data: Path, recipe: Recipe, seed: int, processes: int = 2):
    """Encoded traces and tasks; the same for a seed whatever the number of processes."""
    jobs = [(tokenizer_file, data, seed, block, recipe) for block in range(BLOCKS)]
    with multiprocessing.Pool(processes) as pool:
        parts = pool.map(_encoded_block, jobs, 1)
    return [document for part in parts for document in part[0]], [document for part in parts for document in part[1]]


def build(tokenizer_file: Path, data: Path, recipe: Recipe, seed: int) -> dict[str, numpy.ndarray]:
    """
    Batches' rows by length: `ids`/`weights` (512 tokens) and `long_ids`/`long_weights` (1,024), each shuffled, as the recipe says.
    Generated documents appear once; GSM8K as often as it takes; long documents as windows at random places.
    """
    rng = random.Random(seed)
    encoder = _Encoder(Tokenizer.load(tokenizer_file))
    traces, tasks = _encode_generated(tokenizer_file, data, recipe, seed)
    tokens = sum(len(document[0]) for document in traces)
    problems = sources.gsm8k(data, TRAIN)
    math, math_tokens = [], 0
    while math_tokens < tokens * recipe.gsm8k:
        for problem in rng.sample(problems, len(problems)):
            math.append(encoder.math(rng, problem))
            math_tokens += len(math[-1][0])
    windows = [([encoder.text(text) for text in sources.aime(data, TRAIN)], tokens * recipe.aime),
               ([encoder.text(text) for text in sources.documents(data, TRAIN)], tokens * recipe.documents)]
    result = {}
    for prefix, length, share in (("", ROW_TOKENS, 1 - recipe.long_share), ("long_", LONG_ROW_TOKENS, recipe.long_share)):
        parts = [_pack(_for_length(documents, length, recipe.long_share), length) for documents in (traces, tasks, math)]
        for documents, wanted in windows:
            parts.append(_windows(documents, length, max(1, int(wanted * share / length)), rng))
        order = numpy.random.default_rng(seed).permutation(sum(len(part[0]) for part in parts))
        result[prefix + "ids"] = numpy.concatenate([part[0] for part in parts])[order]
        result[prefix + "weights"] = numpy.concatenate([part[1] for part in parts])[order]
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the training data")
    parser.add_argument("--out", type=Path, required=True, help="where tokenizer.json and the part's .npz go")
    parser.add_argument("--part", choices=PARTS, default="main", help="main trains the tokenizer, too; the others read it")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer_file, target = options.out / "tokenizer.json", options.out / f"{options.part}.npz"
    if options.part == "main":
        Tokenizer.train(tokenizer_texts(options.data, options.seed), VOCABULARY).save(tokenizer_file)
    rows = build(tokenizer_file, options.data, PARTS[options.part], part_seed(options.seed, options.part))
    part = target.with_suffix(".part.npz")
    numpy.savez(part, **rows)
    part.rename(target)
    print(f"{sum(rows[name].size for name in ('ids', 'long_ids')):,} tokens in {target}")


if __name__ == "__main__":
    main()
