"""The chat tasks: prompts, replies, and what a checker of replies needs to know."""

from __future__ import annotations

import random

from .passages import make_passage
from .rationales import RATES, make_rationale
from .stories import LEVELS, WORDS_A_PARAGRAPH, make_text
from .traces import BRIDGE, COPY, SEPARATOR, Trace, make_trace
from .words import COMMON, TRAINING, made_up

Row = dict
"""prompt, reply, and fields for the checker of its task."""

SOLVE_LARGEST = (10, 20, 50, 100)


def solve(rng: random.Random, split: str, moved: float = 0.0, **_) -> Row:
    """A long trace with its answer; every result as an equation."""
    trace = make_trace(rng, split, COPY, rng.choice((0.0, 0.3, 0.5)), rng.choice((2, 2, 3, 3, 4)), rng.choice(SOLVE_LARGEST),
                       arithmetic=True, moved=moved)
    return dict(prompt="Solve: " + trace.problem.question, reply=f"<think>\n{trace.chain}{BRIDGE}{trace.answer}", answer=trace.answer,
                equations=trace.problem.equations)


def solve_reordered(rng: random.Random, split: str, **_) -> Row:
    """As `solve`, of sentences in half of which a word stands at another place: their words tell what to calculate, not their shape."""
    return solve(rng, split, moved=0.5)


def judge(rng: random.Random, split: str, **_) -> Row:
    trace = make_trace(rng, split, COPY)
    return dict(prompt="Judge the difficulty: " + trace.problem.question, reply=trace.problem.difficulty)


def rewrite(rng: random.Random, split: str, **_) -> Row:
    """Difficulty-aware rewriting of a given trace, in the frame of its level (LiteCoT)."""
    trace = make_trace(rng, split, COPY, rng.choice((0.5, 0.7)), rng.choice((2, 3, 3, 4, 5, 6)))
    level = trace.problem.difficulty
    prompt = f"Rewrite for level {level}:\nQuestion: {trace.problem.question}\n\n{trace.chain}"
    return dict(prompt=prompt, reply=in_frame(level, trace), answer=trace.answer)


def in_frame(level: str, trace: Trace) -> str:
    """The results of a trace in the sections of a level."""
    problem, steps = trace.problem, [step.text for step in trace.results]
    analysis = f"**Analysis:** We need the number of {problem.noun}."
    summary = f"**Summary:** There are {trace.answer} {problem.noun}."
    solution = f"**Solution:** {trace.answer}"
    if level == "simple":
        body = ["**Approach:** " + " ".join(steps)]
    elif level == "moderate":
        body = ["**Initial Approach:** " + " ".join(steps), "**Reflection:** The order of the events is kept.",
                "**Improvement:** Nothing can be left out."]
    else:
        body = ["**Problem Decomposition:** One sub-problem for each event.",
                *(f"**Sub-problem {index}:** {step}" for index, step in enumerate(steps, 1)),
                "**Integration:** The results follow from each other.", "**Overall Reflection:** The order of the events is kept.",
                "**Final Optimization:** Nothing can be left out."]
    return "\n".join([analysis, *body, summary, solution])


def compress(rng: random.Random, split: str, **_) -> Row:
    rationale, rate = make_rationale(rng, split), rng.choice(RATES)
    return dict(prompt=f"Compress by {rate}%:\n{rationale.text}", reply=rationale.at(rate), rate=rate / 100, original=rationale.text,
                required=rationale.equations)


def classify(rng: random.Random, split: str, **_) -> Row:
    trace = make_trace(rng, split, functional=rng.choice((0.5, 0.7)), operations=rng.choice((2, 3, 3, 4)))
    numbered = SEPARATOR.join(f"{index}. {step.text}" for index, step in enumerate(trace.steps, 1))
    return dict(prompt="Classify the steps:\n" + numbered,
                reply="\n".join(f"{index}: {step.category}" for index, step in enumerate(trace.steps, 1)))


def extend(rng: random.Random, split: str, level: int | None = None, **_) -> Row:
    """One sentence more in every paragraph."""
    level = level or rng.randrange(1, LEVELS)
    text = make_text(rng, split, given=level)
    return dict(prompt=f"Extend: {text.prompt}\n\n{text.at(level)}", reply=text.at(level + 1), original=text.at(level))


def write(rng: random.Random, split: str, **_) -> Row:
    """A text of about a number of words over given places, in numbered parts."""
    count = rng.randint(2, 6)
    text = make_text(rng, split, count)
    words = count * WORDS_A_PARAGRAPH
    parts = "\n\n".join(f"{index}. " + " ".join(sentences[:3]) for index, sentences in enumerate(text.paragraphs, 1))
    return dict(prompt=f"{text.prompt} Use about {words} words. Places: {', '.join(text.places)}.", reply=parts, words=words)


ANSWER_MARK = "\nAnswer: "


def answer(rng: random.Random, split: str, documents: list[str] | None = None, **_) -> Row:
    """
    A question that one sentence of the passage answers: the sentence, then the answer. In a third of the rows the passage stands in parts
    within other text. In training, further questions follow as turns of their own.
    """
    passage = make_passage(rng, split, rng.randint(3, 10))
    text = passage.text
    if documents and rng.random() < 0.35:
        text = _between(rng, passage.sentences, rng.choice(documents))
    order = rng.sample(range(len(passage.facts)), min(3 if split in TRAINING else 1, len(passage.facts)))
    turns = []
    for index in order:
        question, reply = rng.choice(passage.facts[index])
        turns.append((f"Answer from the text: {question}", f"{passage.sentences[index]}{ANSWER_MARK}{reply}"))
    first = turns[0]
    return dict(prompt=f"{text}\n\n{first[0]}", reply=first[1], answer=first[1].split(ANSWER_MARK)[-1], turns=turns[1:])


def ask(rng: random.Random, split: str, **_) -> Row:
    """The sentence that is asked about, then the question."""
    passage = make_passage(rng, split, rng.randint(1, 3))
    index = rng.randrange(len(passage.facts))
    question, _ = rng.choice(passage.facts[index])
    return dict(prompt=f"{passage.text}\n\nAsk a question about the text.", reply=f"{passage.sentences[index]}\nQuestion: {question}",
                questions=sorted(passage.questions))


def repeat(rng: random.Random, split: str, documents: list[str] | None = None, **_) -> Row:
    """Plain copying, which the other tasks rest on: a piece of a document, or words in no order."""
    if documents and rng.random() < 0.5:
        document = rng.choice(documents)
        start = rng.randrange(max(1, len(document) - 300))
        text = document[start:start + rng.randint(40, 300)].strip()
    else:
        text = " ".join(rng.choice(COMMON) if rng.random() < 0.5 else made_up(rng) for _ in range(rng.randint(5, 40)))
    return dict(prompt=f"Repeat: {text}", reply=text)


def _between(rng: random.Random, sentences: list[str], document: str) -> str:
    """The sentences in groups between pieces of a document, at most 1,600 characters of it."""
    start = rng.randrange(max(1, len(document) - 1600))
    lines = document[start:start + rng.randint(400, 1600)].split("\n")[1:]
    cuts = sorted(rng.randrange(len(sentences) + 1) for _ in range(2))
    places = sorted(rng.randrange(len(lines) + 1) for _ in range(3))
    groups = [sentences[:cuts[0]], sentences[cuts[0]:cuts[1]], sentences[cuts[1]:]]
    for place, group in reversed(list(zip(places, groups))):
        if group:
            lines.insert(place, " ".join(group))
    return "\n".join(lines)


TASKS = dict(solve=solve, judge=judge, rewrite=rewrite, compress=compress, classify=classify, extend=extend, write=write, answer=answer,
             ask=ask)

TRAINING_TASKS = TASKS | dict(repeat=repeat, solve_reordered=solve_reordered)
SHARES = dict(solve=0.36, judge=0.10, rewrite=0.14, compress=0.08, classify=0.05, extend=0.09, write=0.03, answer=0.09, ask=0.01,
              repeat=0.05)
"""Of the training tasks among the task rows."""


COPYING_SHARES = dict(solve=0.08, solve_reordered=0.18, judge=0.14, rewrite=0.17, compress=0.14, classify=0.04, extend=0.14, write=0.03,
                      answer=0.06, ask=0.01, repeat=0.01)
SOLVING_SHARES = dict(solve=0.16, solve_reordered=0.22, judge=0.12, rewrite=0.11, compress=0.15, classify=0.03, extend=0.11, write=0.01,
                      answer=0.08, ask=0.01)
"""The same in the later parts of the corpus."""


def training_row(rng: random.Random, split: str, documents: list[str], shares: dict[str, float]) -> Row:
    """A row of one of the training tasks, in a training split."""
    name = rng.choices(list(shares), list(shares.values()))[0]
    return TRAINING_TASKS[name](rng, split, documents=documents)
