"""Passages of facts, with questions that one sentence answers."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .words import cast, made_up

_FACTS = {
    "keeps": ["{n} keeps the {c} {o} in the {p}.", "In the {p} {n} keeps the {c} {o}.", "The {c} {o} of {n} are in the {p}.",
              "{n} stores the {c} {o} in the {p}."],
    "owns": ["{n} owns {k} {o}.", "There are {k} {o} in the hands of {n}.", "{n} has {k} {o} at home.", "At home {n} owns {k} {o}."],
    "pet": ["{n} lives at the {p} with a {a}.", "{n} has a {a} at the {p}.", "At the {p} {n} lives with a {a}.",
            "{n} lives with a {a} at the {p}."],
}
_QUESTIONS = {
    "keeps": [(["Where does {n} keep the {o}?", "Where are the {o} of {n}?", "In which place does {n} keep the {o}?",
                "In which place are the {o} of {n}?"], "{p}"),
              (["What color are the {o} of {n}?", "Which color do the {o} of {n} have?", "What is the color of the {o} of {n}?",
                "Which color are the {o} of {n}?"], "{c}"),
              (["Who keeps {o} in the {p}?", "Who keeps the {o} in the {p}?", "Whose {o} are in the {p}?", "Who has {o} in the {p}?"], "{n}")],
    "owns": [(["How many {o} does {n} own?", "How many {o} does {n} have?", "What number of {o} does {n} own?",
               "What number of {o} does {n} have?"], "{k}"),
             (["Who owns {k} {o}?", "Who has {k} {o}?", "Who is the owner of {k} {o}?", "Who owns the {k} {o}?"], "{n}")],
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
        sentences.append(words.phrase(rng, _FACTS[kind]).format(**slots))
        answers.append([(words.phrase(rng, phrasings).format(**slots), answer.format(**slots)) for phrasings, answer in _QUESTIONS[kind]])
        questions |= {phrasing.format(**slots) for phrasings, _ in _QUESTIONS[kind] for phrasing in phrasings}
    return Passage(sentences, answers, questions)
