"""R1-style traces of word problems, every step labelled by what its absence would cost."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from .problems import Operation, Problem, make_problem, slip, spread_number
from .words import cast

CRITICAL, SHADOWED, REDUNDANT = "critical", "shadowed", "redundant"
COPY, RECAP = "copy", "recap"
SEPARATOR = "\n\n"
BRIDGE = "\n</think>\n\nFinal answer: "
"""Between chain and answer; the pruning stage's default."""

def prefix(question: str) -> str:
    """What stands before a chain; the pruning stage's default."""
    return f"Question: {question}\n\n<think>\n"


def segments(steps: list[str]) -> list[str]:
    """Steps as the scorer cuts a chain: each with the separator behind it."""
    return [step + SEPARATOR for step in steps[:-1]] + [steps[-1]]


CATEGORIES = {
    "progressive": "progressive", "filler": "progressive", "slip": "progressive", "doubt": "verification",
    "verification": "verification", "alternative": "multi-method validation", "correction": "error correction",
}
"""The pattern (LIMOPro, section 2.2) of each kind of step."""

MAX_STEPS = 18

_FILLERS = [
    "Okay, let me go through this slowly.", "Hmm, let me think about this.", "I should keep track of the numbers carefully.",
    "Now let me read the problem again to be sure.", "So far this looks reasonable.", "Right, the order of the events matters here.",
    "Let me pause and see what is asked.", "Okay, one thing after the other.", "Let me go on with the next event.",
    "I need to be careful with the numbers here."]
_OPENERS = ["Okay, so I need to find out how many there are at the end."]
_FIRST_LEADS = ["First, ", "To begin, ", "Let me start: ", "We start with this: ", "At the start, ", "At first, ", "To get going, ",
                "Start with this: ", "To start, "]
_NEXT_LEADS = ["Next, ", "Then ", "After that, ", "Now ", "So ", "Okay, ", "Moving on, ", "In the next step, ", "From there, ",
               "And then, ", "And so, ", "And after that, ", "Now then, ", "With that, ", "As the next thing, ", "Again, ", "And now, "]
_FINAL_TAILS = [" {o} at the end.", ". That is the final number.", ", which is what was asked.", ", and this is the result.",
                ", and that is all.", " {o} in the end."]
_SLIP_TAILS = [", I think.", ", more or less.", ", if I am right.", ", or so.", ", I guess."]
_FIXES = ["Wait, the mistake was in the calculation: {e}.", "No, that is wrong. I made an error, {e}.",
          "The mistake was a slip of one digit: it should be {e}.", "That cannot be right, I made a mistake: {e}.",
          "No, the error is in the result: {e}.", "The mistake was in the result: {e}."]
_DOUBTS = ["Wait, should it be {w}?", "Wait, maybe {s}.", "Wait, I also get {w} when I do it quickly.", "Wait, is it rather {w}?",
           "Wait, could it be {w}?", "Wait, or is it {w}?"]
_NO_FIXES = ["No, the mistake was a digit I dropped, the earlier value stands.",
             "The mistake was in the quick count, so I keep the value from before.",
             "That was an error on my side, the first result holds.", "No, I made a mistake there, nothing changes.",
             "The error is in the quick count, so the first value stands.", "No, the mistake was in the quick count, nothing changes."]
_CHECKS = ["Wait, let me double-check: {t}.", "Let me verify {p}: {t}.", "Let me check {p} again, {t}.", "Let me double-check this: {t}.",
           "Going back to {p}: {t}.", "Let me check this again: {t}."]
_CHECK_TEXTS = ["the ones digit should be {d}, and that fits", "both numbers are taken from the problem in the right order",
                "the size of the result is plausible", "{p} come at the right place", "the sign is right",
                "the size of the number is right"]
_RESTATING_CHECK_TEXTS = ["{i}, which matches", "{e}, yes", "so it is {g} again", "we had {g}, and that fits", "{i}, as it should be",
                          "{e}, and that fits"]
_SUMMARIES = ["Let me check what we have so far: {l}.", "Let me double-check the values: {l}.", "Wait, let me list the values again: {l}.",
              "Let me check the values again: {l}."]
_ALTERNATIVES = [
    "Alternatively, I could handle {p} at another point, but it would come out the same.",
    "Another way is to do {p} last, which gives the same thing.",
    "Alternatively, rounding: about {r}, so the size is plausible.",
    "Alternatively, one could start from {x} and {y} as a rough guess, but that is not exact.",
    "Another way is to group {p} with the rest, with no change.",
    "Alternatively, working backwards from the end would lead to the same number.",
    "Alternatively, I could do {p} last, with no change."]
_RECAPS = [" and finally {v}", ", then {v}", " and at the end {v}", " and last {v}", " and {v}", " and in the end {v}"]


@dataclass
class Step:
    """A step of a trace."""

    text: str
    kind: str
    value: int | None = None
    """The intermediate result that it states first."""
    label: str = ""

    @property
    def category(self) -> str:
        return CATEGORIES[self.kind]


@dataclass
class Trace:
    """A problem, its steps and the answer in its form."""

    problem: Problem
    form: str
    steps: list[Step]
    answer: str
    needed: list[int] = field(default_factory=list)
    """The values that the answer text states."""

    @property
    def chain(self) -> str:
        return SEPARATOR.join(step.text for step in self.steps)

    @property
    def prefix(self) -> str:
        return prefix(self.problem.question)

    @property
    def results(self) -> list[Step]:
        """The steps that carry the solution: each calculation once, corrected where it was wrong."""
        return [step for step in self.steps if step.value is not None]

    def segments(self) -> list[str]:
        return segments([step.text for step in self.steps])


class _Writer:
    def __init__(self, rng: random.Random, problem: Problem, functional: float, arithmetic: bool):
        self.rng, self.problem, self.words = rng, problem, problem.cast
        self.functional = functional
        self.restating = rng.choice((0.0, 0.2, 0.5))
        self.implicit = 0.0 if arithmetic else 0.85 if rng.random() < 0.6 else 0.2
        self.arithmetic = arithmetic
        self.steps: list[Step] = []

    def pick(self, phrasings: list[str], most: int = 1, **slots) -> str:
        # One word at most in a functional step: its marker has to remain.
        return self.words.loose(self.rng, phrasings, most).format(o=self.problem.noun, **slots)

    def add(self, text: str, kind: str, value: int | None = None) -> None:
        self.steps.append(Step(text, kind, value))

    def write(self) -> list[Step]:
        last = len(self.problem.operations) - 1
        if self.rng.random() < self.functional + 0.1:
            self.add(self.pick(_OPENERS + _FILLERS), "filler")
        for index, operation in enumerate(self.problem.operations):
            self.result(index, operation, index == last)
            after_answer = index == last and self.functional > 0 and self.rng.random() < 0.55
            while (after_answer or self.rng.random() < self.functional * 0.6) and len(self.steps) < MAX_STEPS:
                after_answer = False
                self.functional_step(index)
        return self.steps

    def result(self, index: int, operation: Operation, final: bool) -> None:
        lead = self.pick(_FIRST_LEADS if index == 0 else _NEXT_LEADS, most=2)
        chance = self.rng.random()
        if not self.arithmetic and chance < self.functional * 0.15:
            self.add(lead + operation.slipped(slip(self.rng, operation.value)) + self.pick(_SLIP_TAILS), "slip")
            self.add(self.pick(_FIXES, e=operation.equation), "correction", operation.value)
            return
        core = operation.equation if self.arithmetic else operation.implicit if self.rng.random() < self.implicit else operation.explicit
        if final:
            tail = self.pick([tail for tail in _FINAL_TAILS if not core.endswith(self.problem.noun) or "{o}" not in tail], most=2)
        else:
            tail = f" {self.problem.noun}." if core.endswith(str(operation.value)) and self.rng.random() < 0.5 else "."
        self.add(lead + core + tail, "progressive", operation.value)
        if not self.arithmetic and chance < self.functional * 0.3:
            wrong = slip(self.rng, operation.value)
            self.add(self.pick(_DOUBTS, w=wrong, s=operation.slipped(wrong)), "doubt")
            self.add(self.pick(_NO_FIXES), "correction")

    def functional_step(self, index: int) -> None:
        operation = self.rng.choice(self.problem.operations[:index + 1])
        kind = self.rng.random()
        if kind < 0.5:
            restates = self.rng.random() < self.restating
            if restates and self.rng.random() < 0.3:
                values = ", ".join(map(str, self.problem.values[:index + 1]))
                self.add(self.pick(_SUMMARIES, l=values), "verification")
                return
            text = self.pick(_RESTATING_CHECK_TEXTS if restates else _CHECK_TEXTS, e=operation.equation, i=operation.inverse,
                             g=operation.value, d=operation.value % 10, p=operation.noun)
            self.add(self.pick(_CHECKS, t=text, p=operation.noun), "verification")
        elif kind < 0.78:
            rounded = (operation.value + 50) // 100 * 100
            self.add(self.pick(_ALTERNATIVES, p=operation.noun, r=rounded, x=spread_number(self.rng, 999), y=spread_number(self.rng, 999)),
                     "alternative")
        else:
            self.add(self.pick(_FILLERS), "filler")


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def label(question: str, steps: list[Step], needed: list[int]) -> None:
    """
    critical: a value that the answer states stands in this step alone, neither in the question nor in another step;
    shadowed: a result whose value stands elsewhere or is not stated by the answer; redundant: all others.
    Values of one digit are everywhere and make no step critical.
    """
    given = set(numbers(question))
    holders: dict[str, set[int]] = {}
    for index, step in enumerate(steps):
        for number in numbers(step.text):
            holders.setdefault(number, set()).add(index)
    critical = {next(iter(holders[value])) for value in map(str, needed)
                if len(value) > 1 and value not in given and len(holders.get(value, ())) == 1}
    for index, step in enumerate(steps):
        step.label = CRITICAL if index in critical else SHADOWED if step.value is not None else REDUNDANT


def make_trace(rng: random.Random, split: str, form: str | None = None, functional: float | None = None, operations: int | None = None,
               largest: int | None = None, arithmetic: bool = False, moved: float = 0.0) -> Trace:
    """
    A labelled trace. `functional` (0 to 1) is how much of it is not the way to the solution; `arithmetic` writes every result as its
    equation and makes no slips: what a model should learn to calculate with. `moved`: see `make_problem`.
    """
    form = form or rng.choice((COPY, RECAP))
    problem = make_problem(rng, cast(rng, split, loose=not arithmetic), operations, largest, listing=form == RECAP, moved=moved)
    functional = rng.choice((0.0, 0.25, 0.5, 0.5, 0.7)) if functional is None else functional
    steps = _Writer(rng, problem, functional, arithmetic).write()
    values = problem.values
    if form == COPY:
        answer, needed = str(problem.answer), [problem.answer]
    else:
        needed = values
        if rng.random() < 0.7:
            answer = ", ".join(map(str, values[:-1])) + problem.cast.phrase(rng, _RECAPS).format(v=values[-1])
        else:
            answer = " -> ".join(map(str, values))
    label(problem.question, steps, needed)
    return Trace(problem, form, steps, answer, needed)


def thin(rng: random.Random, trace: Trace) -> Trace:
    """Leaves out one to three steps without which every value of the answer still stands somewhere: what the scorer will do."""
    steps = list(trace.steps)
    wanted = {str(value) for value in trace.needed}
    for index in rng.sample(range(len(steps)), min(len(steps) - 1, rng.randint(1, 3))):
        rest = [step for step in steps if step is not trace.steps[index]]
        if wanted & set(numbers(trace.chain)) <= set(numbers(" ".join(step.text for step in rest))) and rest:
            steps = rest
    return Trace(trace.problem, trace.form, steps, trace.answer, trace.needed)


def training_trace(rng: random.Random, split: str) -> Trace:
    """A trace of a training split, thinned in a third of the cases."""
    trace = make_trace(rng, split)
    return thin(rng, trace) if rng.random() < 0.35 else trace
