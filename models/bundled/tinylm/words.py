"""The words and phrasings of the generated domain, and what of them is held out of training."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

TRAIN, LATE, WORDS, PHRASINGS = "train", "late", "words", "phrasings"
"""The splits: training, and its later parts, where loose phrasings change their shape, too; held-out names and nouns; in addition held-out
phrasings, each in half of its uses."""
TRAINING = (TRAIN, LATE)

NAMES = ("Nora Liam Ava Omar Mia Leo Zoe Ivan Ella Hugo Ruth Carl Anna Paul Lucy Mark Jane Tom Rosa Eric Nina Adam Kate Ben Sara Joel "
         "Amy Dan Lily Sam Gina Rob Maya Finn Elsa Kyle Iris Noah Beth Owen Tara Alan Vera Luke Cora Troy Lena Max Dana Ian Faye Gus "
         "Hope Jack June Kim Lars Mona Ned Olga").split()
OBJECTS = ("beads marbles stamps coins apples pears books cards shells stickers pencils buttons candles cookies eggs tickets bottles "
           "bricks cups flowers seeds stones ribbons balloons magnets badges muffins lemons peaches tiles plates spoons brushes nails "
           "screws toys blocks crayons markers erasers posters photos envelopes postcards scarves hats gloves socks pins keys bulbs "
           "plants melons carrots onions potatoes grapes plums berries nuts").split()
CONTAINERS = "boxes bags packs crates baskets cartons jars trays".split()
PLACES = ("harbor garden market library station bridge castle bakery forest meadow school tower cellar kitchen museum valley workshop "
          "village orchard temple barn lighthouse theater square").split()
COLORS = "red blue green yellow white black brown silver golden purple orange gray".split()
ANIMALS = "dog cat horse goat parrot rabbit donkey turtle fox goose".split()

HELD_OUT_NAMES = "Pia Oscar Rhea Seth Uma Vito Wren Yara Hannah Bella".split()
HELD_OUT_OBJECTS = "lanterns kites puzzles mugs acorns feathers batteries bracelets cherries ropes".split()
HELD_OUT_CONTAINERS = "suitcases bundles".split()
HELD_OUT_PLACES = "island courtyard windmill chapel cabin quarry".split()
HELD_OUT_COLORS = "pink turquoise crimson".split()
HELD_OUT_ANIMALS = "badger pony raven".split()

_ONSETS = "b c d f g h j k l m n p qu r s t v w x y z br ch cl cr dr fl fr gl gr pl pr sh sk sl sp st th tr".split()
_VOWELS = "a e i o u ai ee oo ou a e i o".split()
_CODAS = ["", "", "n", "r", "l", "s", "t", "m", "ck", "d"]

MADE_UP_SHARE = 0.5
"""The share of training documents whose names and nouns are made up: without them the model copies known words only."""


_HELD_OUT = {word.lower() for words in (HELD_OUT_NAMES, HELD_OUT_OBJECTS, HELD_OUT_CONTAINERS, HELD_OUT_PLACES, HELD_OUT_COLORS,
                                        HELD_OUT_ANIMALS) for word in words}


def made_up(rng: random.Random) -> str:
    """A pronounceable word that probably does not exist, and is no held-out one."""
    while True:
        word = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(rng.choice((1, 2, 2, 3))))
        if word not in _HELD_OUT and word + "s" not in _HELD_OUT:
            return word


COMMON = (Path(__file__).parent / "common-words.txt").read_text(encoding="utf-8").split()
"""Words that stand in for others in phrasings of the training split: every frequent one of the real training texts, each as often as any
other. A model that copies must tell all words apart, and in real text most of them are rare."""

LOOSE_SHARE = {TRAIN: 0.4, LATE: 0.6}
"""The share of loose phrasings in which words are exchanged: with a closed list of phrasings the model says one of them where it should
copy another."""

WILD_SHARE = {TRAIN: 0.4, LATE: 0.5}
"""The share of those in which every word is another: nothing but copying tells what they say."""

KNOWN_SHARE = 0.4
"""The share of the exchanged words that become one of the other phrasings' words, in the late split: an unseen phrasing mostly says known
words in a new order."""

MOVED_SHARE = 0.5
"""The share of the late split's other loose phrasings in which a word changes its place."""

NARROW_SHARE = {TRAIN: 0.35, LATE: 0.5}
"""The share of training documents that say the same things in the same words: a reader who copies has to keep his place there."""


@dataclass
class Cast:
    """The words that one document draws from."""

    split: str
    names: list[str]
    objects: list[str]
    containers: list[str]
    places: list[str]
    colors: list[str]
    animals: list[str]
    narrow: dict[tuple[str, ...], str] | None = None
    """Where there is one, the phrasing that the document uses of each list, mostly."""
    loose_share: float = 0.0
    """The share of loose phrasings in which words are exchanged; 0 outside training."""

    def phrase(self, rng: random.Random, phrasings: list[str]) -> str:
        """One of the phrasings; the last of a list with more than one is held out of training."""
        if len(phrasings) == 1:
            return phrasings[0]
        if self.narrow is not None and rng.random() < 0.7:
            return self.narrow.setdefault(tuple(phrasings), rng.choice(phrasings[:-1]))
        if self.split == PHRASINGS and rng.random() < 0.5:
            return phrasings[-1]
        return rng.choice(phrasings[:-1])

    def loose(self, rng: random.Random, phrasings: list[str], most: int = 2) -> str:
        """As `phrase`; in training, often with up to `most` words exchanged for others, or, where that is more than one, with all of them.
        As many words as before. Only for what a reader is given or copies: in what a writer makes up, it would teach to write noise."""
        if self.split == LATE and self.narrow is not None and rng.random() < 0.7:
            key = (*phrasings, "loose")
            if key not in self.narrow:
                self.narrow[key] = self._loosened(rng, phrasings, most)
            return self.narrow[key]
        return self._loosened(rng, phrasings, most)

    def _loosened(self, rng: random.Random, phrasings: list[str], most: int) -> str:
        phrasing = self.phrase(rng, phrasings)
        if rng.random() >= self.loose_share:
            return phrasing
        late = self.split == LATE
        known = [match[1].lower() for word in " ".join(phrasings[:-1]).split(" ") if (match := _PLAIN.fullmatch(word))] if late else []
        words = phrasing.split(" ")
        plain = [index for index, word in enumerate(words) if _PLAIN.fullmatch(word)]
        wild = most > 1 and rng.random() < WILD_SHARE[self.split]
        for index in plain if wild else rng.sample(plain, min(len(plain), rng.randint(1, most))):
            word, end = _PLAIN.fullmatch(words[index]).groups()
            new = _stand_in(rng, known)
            words[index] = (new.capitalize() if word[0].isupper() else new) + end
        loosened = " ".join(words)
        # An equation keeps its order.
        if late and "=" not in words and (wild or rng.random() < MOVED_SHARE):
            return reordered(rng, loosened, every=wild)
        return loosened


_PLAIN = re.compile(r"([A-Za-z]+)([.,:]?)")
"""A word that can be exchanged, and the mark that stays behind it."""


def _stand_in(rng: random.Random, known: list[str]) -> str:
    if known and rng.random() < KNOWN_SHARE:
        return rng.choice(known)
    return rng.choice(COMMON) if rng.random() < 0.85 else made_up(rng)


def reordered(rng: random.Random, phrasing: str, every: bool = False, slots: bool = True) -> str:
    """Every word at another place, or one, which is a slot only if they may move; what stands before the first and behind the last word
    stays."""
    before, text, behind = re.fullmatch(r"([ ,.]*)(.*?)([.,:]? ?)", phrasing).groups()
    words = [word if "{" in word else word.lower() for word in text.split(" ")]
    if every:
        rng.shuffle(words)
    else:
        movable = [index for index, word in enumerate(words) if slots or "{" not in word]
        words.insert(rng.randrange(len(words)), words.pop(rng.choice(movable)))
    result = " ".join(words)
    return before + (result[0].upper() + result[1:] if text[0].isupper() else result) + behind


def cast(rng: random.Random, split: str, loose: bool = True) -> Cast:
    """The words of a document of a split; in training, made-up ones in a share of the documents, and, if wanted, loose phrasings."""
    if split not in TRAINING:
        return Cast(split, list(HELD_OUT_NAMES), list(HELD_OUT_OBJECTS), list(HELD_OUT_CONTAINERS), list(HELD_OUT_PLACES),
                    list(HELD_OUT_COLORS), list(HELD_OUT_ANIMALS))
    narrow, loose_share = {} if rng.random() < NARROW_SHARE[split] else None, LOOSE_SHARE[split] if loose else 0.0
    if rng.random() >= MADE_UP_SHARE:
        return Cast(split, NAMES, OBJECTS, CONTAINERS, PLACES, COLORS, ANIMALS, narrow, loose_share)

    def mixed(words: list[str], count: int, make) -> list[str]:
        return [make() if rng.random() < 0.75 else rng.choice(words) for _ in range(count)]

    return Cast(
        split,
        mixed(NAMES, 10, lambda: made_up(rng).capitalize()),
        mixed(OBJECTS, 10, lambda: made_up(rng) + "s"),
        mixed(CONTAINERS, 2, lambda: made_up(rng) + "s"),
        mixed(PLACES, 10, lambda: made_up(rng)),
        mixed(COLORS, 4, lambda: made_up(rng)),
        mixed(ANIMALS, 4, lambda: made_up(rng)), narrow, loose_share)
