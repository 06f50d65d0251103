"""Writes the held-out data that `mlpipe model eval` measures on, and synthetic traces for pruning end to end."""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
from pathlib import Path

from . import sources
from .corpus import BLOCKS, PARTS, generated, part_seed
from .sources import MathProblem
from .tasks import TASKS
from .traces import BRIDGE, COPY, CRITICAL, RECAP, REDUNDANT, SEPARATOR, make_trace
from .words import PHRASINGS, TRAIN, WORDS

SEEDS = (101, 102, 103)
TRACES = 200
PROMPTS = 200
GSM8K_PROBLEMS = 300
GSM8K_TEXTS = 200
DOCUMENT_CHARACTERS = 60_000
PRUNING_TRACES = 1000


def _write(path: Path, rows) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def labelled_traces():
    """Traces with at least one critical and one redundant step, by form, split and seed."""
    for form in (COPY, RECAP):
        for split in (WORDS, PHRASINGS):
            for seed in SEEDS:
                rng, made = random.Random(seed), 0
                while made < TRACES:
                    trace = make_trace(rng, split, form)
                    labels = {step.label for step in trace.steps}
                    if CRITICAL not in labels or REDUNDANT not in labels:
                        continue
                    made += 1
                    yield dict(id=f"{form}-{split}-{seed}-{made:03}", form=form, split=split, seed=seed, question=trace.problem.question,
                               steps=[dict(text=step.text, kind=step.kind, label=step.label) for step in trace.steps], answer=trace.answer)


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))


def final_value_problems(problems: list[MathProblem]):
    """Problems whose answer stands in the last sentence alone, and not in the question."""
    for problem in problems:
        *others, last = problem.sentences
        if (others and problem.answer in _numbers(last) and problem.answer not in _numbers(problem.question)
                and not any(problem.answer in _numbers(sentence) for sentence in others)):
            yield problem


def math_problems(data: Path):
    rng = random.Random(SEEDS[0])
    for index, problem in zip(range(GSM8K_PROBLEMS), final_value_problems(sources.gsm8k(data, WORDS))):
        order = list(range(len(problem.sentences)))
        rng.shuffle(order)
        yield dict(id=f"gsm8k-{index + 1:03}", question=problem.question, sentences=problem.sentences, order=order, answer=problem.answer)


def texts(data: Path):
    """Texts for bits per character: real ones, and traces of the generator."""
    for index, problem in zip(range(GSM8K_TEXTS), sources.gsm8k(data, WORDS)):
        text = problem.prefix + SEPARATOR.join(problem.sentences) + BRIDGE + problem.answer + "\n"
        yield dict(id=f"gsm8k-{index + 1:03}", set="gsm8k", text=text)
    for index, text in enumerate(sources.aime(data, WORDS)):
        yield dict(id=f"aime-{index + 1:02}", set="aime", text=text)
    for index, text in enumerate(sources.documents(data, WORDS)):
        yield dict(id=f"documents-{index + 1}", set="documents", text=text[:DOCUMENT_CHARACTERS])


def training_operations(seed: int, data: Path) -> tuple[set[str], set[str]]:
    """The operation lists and the task prompts of a training corpus."""
    operations, seen = set(), set()
    documents = sources.documents(data, TRAIN)
    for part, block in itertools.product(PARTS, range(BLOCKS)):
        for example in generated(part_seed(seed, part), block, PARTS[part], documents):
            if isinstance(example, tuple):
                operations.add("; ".join(example[0].problem.equations))
                continue
            seen.add(example["prompt"])
            if "equations" in example:
                operations.add("; ".join(example["equations"]))
    return operations, seen


def prompts(data: Path, seen_operations: set[str], seen_prompts: set[str]):
    """Task rows that no training prompt equals; of `solve`, as many with an operation list that was never in training."""
    documents = sources.documents(data, WORDS)
    for task, make in TASKS.items():
        for split in (WORDS, PHRASINGS):
            rng, made = random.Random(SEEDS[0]), 0
            while made < PROMPTS:
                row = make(rng, split, documents=documents)
                equations = row.pop("equations", None)
                row.pop("turns", None)
                if row["prompt"] in seen_prompts or equations and "; ".join(equations) in seen_operations:
                    continue
                made += 1
                yield dict(id=f"{task}-{split}-{made:03}", task=task, split=split) | row | (dict(unseen=True) if equations else {})


def pruning_traces(count: int = PRUNING_TRACES):
    """Traces as a data set would bring them, in the splits in turn; `labels` is the label of every step. The answer is the last value: a
    reader cannot know in which words a list of values will be asked for."""
    rng = random.Random(SEEDS[1])
    for index in range(count):
        trace = make_trace(rng, (WORDS, PHRASINGS)[index % 2], COPY, functional=rng.choice((0.5, 0.7)))
        yield dict(id=f"trace-{index + 1:04}", question=trace.problem.question, answer=trace.answer,
                   response=f"<think>\n{trace.chain}{BRIDGE}{trace.answer}",
                   labels=[step.label for step in trace.steps])


def write(data: Path, out: Path, seed: int) -> None:
    out.mkdir(parents=True, exist_ok=True)
    operations, seen = training_operations(seed, data)
    print(f"training has {len(operations):,} operation lists and {len(seen):,} prompts")
    _write(out / "traces.jsonl", labelled_traces())
    _write(out / "gsm8k.jsonl", math_problems(data))
    _write(out / "texts.jsonl", texts(data))
    _write(out / "prompts.jsonl", prompts(data, operations, seen))
    _write(out / "pruning.jsonl", pruning_traces())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of gsm8k-test.jsonl, aime24-traces.jsonl, documents.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1, help="of the training corpus, to keep its problems out")
    options = parser.parse_args()
    write(options.data, options.out, options.seed)


if __name__ == "__main__":
    main()
