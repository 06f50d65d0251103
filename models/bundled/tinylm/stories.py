"""Stories and reports that can be lengthened: paragraphs of a plain sentence and, level by level, one more detail each."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from .words import Cast, cast

LEVELS = 4
"""Sentences of a paragraph at most: the plain one and three details."""

_EVENTS = [
    "{n} walked to the {p}.", "{n} waited at the {p}.", "{n} found the {c} {o} in the {p}.", "{n} met {f} near the {p}.",
    "{n} carried the {c} {o} to the {p}.", "{n} looked for {f} in the {p}.", "{n} left the {p} at noon.", "{n} opened the door of the {p}.",
    "{n} and {f} crossed the {p}.", "{n} hid the {c} {o} behind the {p}.", "{n} came back to the {p}.", "{n} talked with {f} at the {p}.",
    "{n} walked with {f} to the {p}."]
_REPORTS = [
    "The {p} was checked by {n}.", "{n} counted the {c} {o} in the {p}.", "The {p} received {k} {o}.", "The {p} needs {k} new {o}.",
    "{n} repaired the roof of the {p}.", "The {p} was closed for {k} days.", "{k} visitors came to the {p}.", "{n} cleaned the {p}.",
    "{n} checked the {c} {o} in the {p}."]
_DETAILS = [
    # First the surroundings, then what people did, then what it meant; a detail names its place, so that no long run of words repeats.
    ["The {p} was quiet in the early light.", "A cold wind blew around the {p}.", "Nobody else was near the {p}.",
     "The {p} smelled of rain and wood.", "Soft light fell over the {p}.", "The air around the {p} was still."],
    ["A small {a} slept beside the {p}.", "Somebody had painted the {p} {c}.", "A {a} ran across the {p}.",
     "Old songs came from behind the {p}.", "Two lamps burned above the {p}.", "A {c} flag hung over the {p}."],
    ["People still talk about the {p} today.", "It was the best hour at the {p}.", "The {p} had never looked so bright.",
     "Everyone remembered the {p} with a smile.", "That is why the {p} mattered.", "Many remember the {p} to this day."],
]
_STORY_PROMPTS = ["Write a story about {n} and the {o}.", "Tell a story of {n} and the {o}.", "Write a tale about {n} and the {o}.",
                  "Tell the story of {n} and the {o}.", "Write the story of {n} and the {o}."]
_REPORT_PROMPTS = ["Write a report about {n} and the {o}.", "Report on the work of {n} with the {o}.", "Write the report of {n} on the {o}.",
                   "Write a report on {n} and the {o}."]

WORDS_A_PARAGRAPH = 20
"""About as many as a paragraph with two details has; lengths that can be asked for are its multiples."""


@dataclass
class Text:
    """An instruction and paragraphs, each a list of sentences from plain to detailed."""

    prompt: str
    places: list[str]
    paragraphs: list[list[str]]

    def at(self, level: int) -> str:
        """The text with `level` sentences a paragraph."""
        return "\n\n".join(" ".join(sentences[:level]) for sentences in self.paragraphs)


def repeats(text: str, words: int = 10) -> bool:
    """Whether a run of as many words comes twice: Self-Lengthen's filter refuses such a text."""
    pieces = text.split()
    runs = [tuple(pieces[start:start + words]) for start in range(len(pieces) - words + 1)]
    return len(runs) != len(set(runs))


def make_text(rng: random.Random, split: str, paragraphs: int | None = None) -> Text:
    """A story or report of 2 to 6 paragraphs, each at a place of its own, in which no run of ten words comes twice."""
    words, tries = cast(rng, split), 0
    while True:
        text = _compose(rng, words, paragraphs)
        if not any(repeats(text.at(level)) for level in range(1, LEVELS + 1)):
            return text
        tries += 1
        if tries == 4:
            words = replace(words, narrow=None)


def _compose(rng: random.Random, words: Cast, paragraphs: int | None) -> Text:
    report = rng.random() < 0.4
    name = rng.choice(words.names)
    friend = rng.choice([other for other in words.names if other != name] or ["Otto"])
    noun = rng.choice(words.objects)
    prompt = words.phrase(rng, _REPORT_PROMPTS if report else _STORY_PROMPTS).format(n=name, o=noun)
    count = min(paragraphs or rng.randint(2, 6), len(set(words.places)))
    places = rng.sample(sorted(set(words.places)), count)
    result = []
    for place in places:
        slots = dict(n=name, f=friend, o=noun, p=place, k=rng.randint(2, 40))

        def say(phrasings: list[str]) -> str:
            return words.loose(rng, phrasings).format(c=rng.choice(words.colors), a=rng.choice(words.animals), **slots)

        result.append([say(_REPORTS if report else _EVENTS)] + [say(details) for details in _DETAILS])
    return Text(prompt, places, result)
