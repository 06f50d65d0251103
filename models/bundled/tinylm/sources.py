"""The real data and its split: GSM8K as published, AIME by question, documents by chapter."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

from .traces import prefix
from .words import TRAIN

HELD_OUT_DOCUMENT = "rust-book-ch16"
SHAKESPEARE = "tinyshakespeare"
SHAKESPEARE_TRAINED = 0.95


@dataclass(frozen=True)
class MathProblem:
    """A GSM8K problem: the sentences of its rationale, without calculator marks."""

    question: str
    sentences: list[str]
    answer: str

    @property
    def prefix(self) -> str:
        return prefix(self.question)


def _rows(path: Path) -> list[dict]:
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def gsm8k(folder: Path, split: str) -> list[MathProblem]:
    """The official training or test split."""
    result = []
    for row in _rows(folder / f"gsm8k-{'train' if split == TRAIN else 'test'}.jsonl"):
        chain, answer = re.sub(r"<<.*?>>", "", row["answer"]).split("####")
        sentences = [sentence.strip() for sentence in chain.split("\n") if sentence.strip()]
        result.append(MathProblem(row["question"].strip(), sentences, answer.strip().replace(",", "")))
    return result


def aime(folder: Path, split: str) -> list[str]:
    """Traces as they are; half of the questions is held out. Only a trace that ends with the right answer is followed by it: an answer
    that the chain does not hold would teach guessing."""
    rows = _rows(folder / "aime24-traces.jsonl")
    questions = sorted({row["question"] for row in rows})
    random.Random(7).shuffle(questions)
    held_out = set(questions[:len(questions) // 2])
    return [_aime_text(row) for row in rows if (row["question"] not in held_out) == (split == TRAIN)]


def _aime_text(row: dict) -> str:
    text = f"Question: {row['question'].strip()}\n\n{row['response'].strip()}\n"
    finished = "</think>" in row["response"] and str(row["is_correct"]) == "True"
    return text + (f"\nFinal answer: {row['answer']}\n" if finished else "")


def documents(folder: Path, split: str) -> list[str]:
    """Chapters of the Rust book, one held out, and Shakespeare, the last twentieth held out."""
    result = []
    for row in _rows(folder / "documents.jsonl"):
        text = row["text"]
        if row["id"] == SHAKESPEARE:
            cut = int(len(text) * SHAKESPEARE_TRAINED)
            result.append(text[:cut] if split == TRAIN else text[cut:])
        elif (row["id"] == HELD_OUT_DOCUMENT) == (split != TRAIN):
            result.append(text)
    return result
