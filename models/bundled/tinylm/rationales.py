"""Wordy solutions for compression at a rate: every step is as much longer than its equation as the lowest rate asks for."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .problems import make_problem
from .words import cast

RATES = (50, 60, 70, 80)
"""Shares of the words that go, in percent (C3oT, section 3.4: levels 1 to 4)."""

TOLERANCE = 0.035
"""A made rationale meets every rate at least this well."""

# Parts of a step of 3, 5 and 12 words around an equation of 5: any choice of phrasings meets the rates.
_LEADS = ["From there on,", "Now, as next,", "In this step,", "Going on now,", "As it says,", "With these numbers,", "At this step,"]
_TAILS = ["in all at this point.", "as the result for now.", "after this one small step.", "as the count so far.", "as the number by now.",
          "at this point in time.", "as the count for now."]
_REMARKS = [
    "This is what the problem tells us to do with the {o}.", "Both of the numbers come from the sentence about the {o} above.",
    "We do it now because the order of events matters for {n}.", "It is the only thing that happens to the {o} just here.",
    "After it we can go on and read about {n} once more.", "Nothing else has to be known about the {o} of {n} here.",
    "We do it here because the order matters for the {o} above."]


@dataclass
class Rationale:
    """A wordy solution."""

    parts: list[tuple[str, str, str, str]]
    """Of each step: lead, equation, tail, remark."""

    @property
    def equations(self) -> list[str]:
        return [equation for _, equation, _, _ in self.parts]

    @property
    def text(self) -> str:
        return "\n".join(f"{lead} {equation} {tail} {remark}" for lead, equation, tail, remark in self.parts)

    def at(self, rate: int) -> str:
        """The text without about `rate` percent of its words, a line a step."""
        return "\n".join(_compress(rate, *parts[:3]) for parts in self.parts)

    def achieved(self, rate: int) -> float:
        return 1 - len(self.at(rate).split()) / len(self.text.split())


def _compress(rate: int, lead: str, equation: str, tail: str) -> str:
    return {80: f"{equation}.", 70: f"{lead} {equation}.", 60: f"{equation} {tail}", 50: f"{lead} {equation} {tail}"}[rate]


def make_rationale(rng: random.Random, split: str) -> Rationale:
    """A rationale that every rate fits."""
    while True:
        words = cast(rng, split)
        problem = make_problem(rng, words, operations=rng.randint(2, 5), largest=rng.choice((50, 200, 1000)))
        slots = dict(o=problem.noun, n=problem.name)
        rationale = Rationale([
            (words.loose(rng, _LEADS), operation.equation, words.loose(rng, _TAILS), words.loose(rng, _REMARKS, most=4).format(**slots))
            for operation in problem.operations])
        if all(abs(rationale.achieved(rate) - rate / 100) <= TOLERANCE for rate in RATES):
            return rationale
