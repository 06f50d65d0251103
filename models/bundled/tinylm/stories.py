"""Stories and reports that can be lengthened: paragraphs of a plain sentence and, level by level, one more detail each."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .words import cast

LEVELS = 4
"""Sentences of a paragraph at most: the plain one and three details."""

_EVENTS = [
    "{n} walked to the {p}.", "{n} waited at the {p}.", "{n} found the {c} {o} in the {p}.", "{n} met {f} near the {p}.",
    "{n} carried the {c} {o} to the {p}.", "{n} looked for {f} in the {p}.", "At noon {n} left the {p}.", "{n} opened the door of the {p}.",
    "{n} and {f} crossed the {p}.", "{n} hid the {c} {o} behind the {p}.", "{n} came back to the {p}.", "{n} talked with {f} at the {p}.",
    "{n} ran to the {p}.", "{n} showed {f} the {p}.", "{n} sang in the {p}.", "{n} lost the {c} {o} at the {p}.",
    "{n} walked with {f} to the {p}."]
_REPORTS = [
    "{n} checked the {p}.", "{n} counted the {c} {o} in the {p}.", "{k} {o} went to the {p}.", "{k} new {o} are for the {p}.",
    "{n} repaired the roof of the {p}.", "For {k} days {n} closed the {p}.", "{k} visitors came to the {p}.", "{n} cleaned the {p}.",
    "{n} wrote about the {p}.", "{n} measured the {p}.", "{n} checked the {c} {o} in the {p}."]
# First the surroundings, then what people did, then what it meant. Between two mentions of a paragraph's place stand at most nine words,
# so that no run of ten is the same in two paragraphs: at most two behind it in a sentence, and six before it.
_DETAILS = [
    ["The {p} was quiet.", "A cold wind blew around the {p}.", "Nobody else was near the {p}.", "It smelled of rain in the {p}.",
     "Soft light fell over the {p}.", "Thin fog lay over the {p}.", "Warm air came from the {p}.", "No sound came from the {p}.",
     "It was dark around the {p}.", "The {p} looked empty.", "Snow had covered the {p}.", "The air around the {p} was still."],
    ["A small {a} slept beside the {p}.", "Somebody had painted the {p} {c}.", "A {a} ran across the {p}.",
     "Old songs came from behind the {p}.", "Two lamps burned above the {p}.", "A {a} watched the {p}.", "Children played near the {p}.",
     "Someone had swept the {p}.", "A {c} cart stood before the {p}.", "Three men repaired the {p}.", "A bell rang in the {p}.",
     "A {c} flag hung over the {p}."],
    ["People still talk about the {p} today.", "It was the best hour at the {p}.", "Nothing was ever like the {p}.",
     "Everyone had a smile for the {p}.", "That is why the {p} mattered.", "Nobody could forget the {p}.", "So the day ended at the {p}.",
     "It was good to see the {p}.", "There was much to tell of the {p}.", "All was well at the {p}.", "Nobody wanted to leave the {p}.",
     "Many still remember the {p}."],
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


def make_text(rng: random.Random, split: str, paragraphs: int | None = None, given: int = 0) -> Text:
    """A story or report of 2 to 6 paragraphs, each at a place of its own. The first `given` sentences of each are loose: a writer is given
    them."""
    words = cast(rng, split)
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

        def say(level: int, phrasings: list[str]) -> str:
            chosen = words.loose(rng, phrasings) if level < given else words.phrase(rng, phrasings)
            return chosen.format(c=rng.choice(words.colors), a=rng.choice(words.animals), **slots)

        result.append([say(level, phrasings) for level, phrasings in enumerate([_REPORTS if report else _EVENTS, *_DETAILS])])
    return Text(prompt, places, result)
