"""Passages of facts, with questions that one sentence answers."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .words import cast, made_up

_FACTS = {
    "keeps": ["{n} keeps the {c} {o} in the {p}.", "{n} stores the {c} {o} in the {p}.", "{n} has the {c} {o} in the {p}.",
              "{n} left the {c} {o} in the {p}.", "{n} hides the {c} {o} in the {p}."],
    "owns": ["{n} owns {k} {o}.", "{n} has {k} {o} at home.", "{n} counts {k} {o} at home.", "{n} collected {k} {o}.",
             "{n} owns {k} {o} at home."],
    "pet": ["{n} lives at the {p} with a {a}.", "{n} has a {a} at the {p}.", "{n} keeps a {a} at the {p}.", "{n} feeds a {a} at the {p}.",
            "{n} lives with a {a} at the {p}."],
}
_QUESTIONS = {
    "keeps": [(["Where does {n} keep the {o}?", "Where are the {o} of {n}?", "In which place does {n} keep the {o}?",
                "In which place are the {o} of {n}?"], "{p}"),
              (["What color are the {o} of {n}?", "Which color do the {o} of {n} have?", "What is the color of the {o} of {n}?",
                "Which color are the {o} of {n}?"], "{c}")],
    "owns": [(["How many {o} does {n} own?", "How many {o} does {n} have?", "What number of {o} does {n} own?",
               "What number of {o} does {n} have?"], "{k}")],
    "pet": [(["Where does {n} live?", "At which place does {n} live?", "What is the home of {n}?", "In which place does {n} live?"], "{p}"),
            (["Which animal lives with {n}?", "What animal does {n} have?", "With which animal does {n} live?", "Which animal does {n} have?"],
             "{a}")],
}


@dataclass
class Passage:
    """A passage, and of each fact the questions it answers, as (question, answer)."""

    sentences: list[str]
    facts: list[list[tuple[str, str]]]
    questions: set[str]
    """Every question of every phrasing that the passage answers."""

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


def make_passage(rng: random.Random, split: str, facts: int) -> Passage:
    """As many facts, each about a person of its own and, as far as the words reach, a noun of its own."""
    words = cast(rng, split)
    names = set(words.names)
    while len(names) < facts:
        names.add(made_up(rng).capitalize())
    people = rng.sample(sorted(names), facts)
    nouns = sorted(set(words.objects))
    things = rng.sample(nouns, len(nouns))
    sentences, answers, questions = [], [], set()
    for index, name in enumerate(people):
        kind = rng.choice(sorted(_FACTS))
        slots = dict(n=name, o=things[index % len(things)], c=rng.choice(words.colors), p=rng.choice(words.places), k=rng.randint(2, 99),
                     a=rng.choice(words.animals))
        sentences.append(words.loose(rng, _FACTS[kind], most=1).format(**slots))
        answers.append([(words.phrase(rng, phrasings).format(**slots), answer.format(**slots)) for phrasings, answer in _QUESTIONS[kind]])
        questions |= {phrasing.format(**slots) for phrasings, _ in _QUESTIONS[kind] for phrasing in phrasings}
    return Passage(sentences, answers, questions)
