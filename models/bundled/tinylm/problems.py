"""Word problems over one running quantity: the question, and each operation in the words that traces use for it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .words import Cast, reordered

LARGEST = 9999

_OPENINGS = [
    "{n} has {v} {o}.", "{n} starts with {v} {o}.", "At first {n} owns {v} {o}.", "There are {v} {o} on the shelf of {n}.",
    "{n} counts {v} {o} in the morning.", "In the beginning there are {v} {o}.", "{n} keeps {v} {o} at home.",
    "The collection of {n} has {v} {o}.", "On Monday {n} owns {v} {o}.", "At first there are {v} {o} at the home of {n}."]
_QUESTIONS = [
    "How many {o} does {n} have now?", "How many {o} are there in the end?", "What is the final number of {o}?",
    "Find the number of {o} that {n} has at the end.", "How many {o} are left for {n}?", "What number of {o} does {n} have in the end?",
    "With how many {o} does {n} end up?", "How many {o} does {n} have in the end?"]
_LISTING_QUESTIONS = [
    "How many {o} are there after each event?", "List the number of {o} after every step.", "What are all the results, one after the other?",
    "Give every result on the way to the end.", "Which numbers come out, from the first to the last?", "List all the results in their order.",
    "What are the results after each step?"]
_ADD = [
    "{n} buys {x} more.", "Then {f} gives {n} {x} more {o}.", "{Pr} finds another {x} {o}.", "Later {x} {o} are added.",
    "On the next day {n} receives {x} {o}.", "{n} wins {x} {o} in a game.", "{n} picks up {x} extra {o}.",
    "{f} brings {x} more {o} for {n}.", "A neighbor adds {x} {o} to them.", "{Pr} gets {x} {o} as a gift.",
    "{x} new {o} arrive by mail.", "Then {n} finds {x} more {o}."]
_SUBTRACT = [
    "{n} gives {x} {o} to {f}.", "Then {pr} loses {x} of them.", "{x} {o} are broken and thrown away.", "{n} sells {x} {o} at the market.",
    "After that {f} borrows {x} {o}.", "{f} takes {x} of the {o}.", "{n} uses up {x} {o}.", "Later {x} {o} are lost on the way.",
    "{Pr} hands {x} of them to {f}.", "{x} of the {o} go missing.", "{n} spends {x} {o} on a trade.", "Then {n} loses {x} {o}."]
_BOXES = [
    "{n} buys {x} {c} with {y} {o} each.", "Then {x} {c} of {y} {o} arrive.", "{f} brings {x} {c}, each with {y} {o}.",
    "A delivery of {x} {c} holding {y} {o} each comes in.", "{n} finds {x} {c}, and each holds {y} {o}.",
    "{x} {c} with {y} {o} in each are added.", "{f} gives {n} {x} {c} of {y} {o}.", "Then {n} buys {x} {c}, each with {y} {o}."]
_MULTIPLY = [
    "Soon {n} has {x} times as many {o}.", "The collection grows to {x} times its size.", "A week later there are {x} times as many.",
    "Then the number of {o} is multiplied by {x}.", "After a month {n} owns {x} times as many.", "{n} makes it {x} times as many.",
    "A month later {n} has {x} times as many {o}."]
_DIVIDE = [
    "{n} shares them equally among {x} groups and keeps one group.", "Then the {o} are split into {x} equal parts and {n} keeps one part.",
    "{Pr} divides all {o} by {x} and keeps one share.", "Only one of {x} equal piles of {o} is kept.",
    "{n} makes {x} equal groups and keeps only one group.", "The {o} are divided into {x} equal shares and one share is kept.",
    "Then {n} splits them into {x} equal groups and keeps one group."]

# How a trace states an operation: with the value before it (explicit), and without (implicit).
_EXPLICIT = {
    "+": ["{v} + {x} = {g}", "{v} plus {x} is {g}", "adding {x} to {v} gives {g}", "with {x} on top of {v} it is {g}",
          "{v} and {x} make {g}", "we get {v} + {x} = {g}", "{v} and {x} together give {g}"],
    "-": ["{v} - {x} = {g}", "{v} minus {x} is {g}", "taking {x} from {v} leaves {g}", "{v} less {x} comes to {g}",
          "from {v} without {x} there remain {g}", "we get {v} - {x} = {g}", "{v} less {x} leaves {g}"],
    "*": ["{v} * {x} = {g}", "{v} times {x} is {g}", "multiplying {v} by {x} gives {g}", "{x} lots of {v} come to {g}",
          "we get {v} * {x} = {g}", "{v} taken {x} times makes {g}"],
    "/": ["{v} / {x} = {g}", "{v} divided by {x} is {g}", "splitting {v} into {x} gives {g}", "one part in {x} of {v} comes to {g}",
          "we get {v} / {x} = {g}", "dividing {v} by {x} gives {g}"],
}
_IMPLICIT = {
    "+": ["after getting {x} more there are {g}", "adding the {x} brings it to {g}", "the extra {x} {o} make it {g}",
          "with those {x} {o} we reach {g}", "the new total is {g}", "once they are added there are {g}", "with the extra {x} there are {g}"],
    "-": ["after {x} are gone there are {g}", "taking away the {x} leaves {g}", "without those {x} {o} it is {g}",
          "once {x} {o} are removed {g} remain", "the new total is {g}", "so only {g} are left", "without the {x} there are {g}"],
    "*": ["{x} times as many is {g}", "the growth brings it to {g}", "{x} times that amount makes {g}",
          "with {x} times the size it becomes {g}", "the new total is {g}", "{x} times the amount is {g}"],
    "/": ["one of the {x} parts is {g}", "each of the {x} groups gets {g}", "the share is {g} {o}", "every one of the {x} piles holds {g}",
          "one share is {g}", "each of the {x} parts holds {g}"],
    "boxes": ["the {c} hold {x} * {y} = {g}", "in the {c} there are {g}", "the {x} {c} add up to {g} {o}", "all {c} together contain {g}",
              "so many {c} hold {g}", "all {c} add up to {g}"],
    "join": ["together with the {c} there are {g}", "adding the {c} brings it to {g}", "the {c} make it {g} {o}",
             "counting the {c} as well we reach {g}", "the new total is {g}", "with the {c} it is {g} {o}"],
}
_INVERSE = {"+": "-", "-": "+", "*": "/", "/": "*"}


@dataclass(frozen=True)
class Operation:
    """One calculation of the solution."""

    sign: str
    left: int
    right: int
    value: int
    explicit: str
    implicit: str
    noun: str
    """What functional steps call it, e.g. "the 12 more"."""

    @property
    def equation(self) -> str:
        return f"{self.left} {self.sign} {self.right} = {self.value}"

    @property
    def inverse(self) -> str:
        return f"{self.value} {_INVERSE[self.sign]} {self.right} = {self.left}"

    def slipped(self, wrong: int) -> str:
        """The equation with a wrong result."""
        return f"{self.left} {self.sign} {self.right} = {wrong}"


@dataclass(frozen=True)
class Problem:
    """A word problem and its solution."""

    cast: Cast
    name: str
    friend: str
    noun: str
    pronoun: str
    sentences: list[str]
    operations: list[Operation]

    @property
    def question(self) -> str:
        return " ".join(self.sentences)

    @property
    def values(self) -> list[int]:
        return [operation.value for operation in self.operations]

    @property
    def answer(self) -> int:
        return self.operations[-1].value

    @property
    def equations(self) -> list[str]:
        return [operation.equation for operation in self.operations]

    @property
    def difficulty(self) -> str:
        """simple (1-2 calculations), moderate (3-4) or hard (5 and more)."""
        count = len(self.operations)
        return "simple" if count <= 2 else "moderate" if count <= 4 else "hard"


def spread_number(rng: random.Random, largest: int, smallest: int = 2) -> int:
    """A number whose count of digits varies evenly up to the largest's."""
    return rng.randint(smallest, max(smallest + 1, int(largest ** rng.uniform(0.35, 1.0))))


def slip(rng: random.Random, value: int) -> int:
    """A wrong result of as many digits."""
    for _ in range(20):
        wrong = value + rng.choice((1, -1, 10, -10, 100, -100, 2, -2, 20, -20))
        if wrong > 0 and len(str(wrong)) == len(str(value)):
            return wrong
    return value + 1


class _Builder:
    def __init__(self, rng: random.Random, words: Cast, largest: int, moved: float):
        self.rng, self.words, self.largest, self.moved = rng, words, largest, moved
        name = rng.choice(words.names)
        friend = rng.choice([other for other in words.names if other != name] or ["Otto"])
        pronoun = rng.choice(("she", "he"))
        self.slots = dict(n=name, f=friend, o=rng.choice(words.objects), c=rng.choice(words.containers), pr=pronoun, Pr=pronoun.capitalize())
        self.value = spread_number(rng, largest, 5)
        self.sentences: list[str] = []
        self.operations: list[Operation] = []

    def say(self, phrasings: list[str], **slots) -> None:
        phrasing = self.words.loose(self.rng, phrasings)
        if self.moved and self.rng.random() < self.moved:
            phrasing = reordered(self.rng, phrasing, slots=False)
        self.sentences.append(phrasing.format(**self.slots, **slots))

    def ask(self, phrasings: list[str]) -> None:
        # Never loose: its words tell whether one value or all of them are wanted.
        self.sentences.append(self.words.phrase(self.rng, phrasings).format(**self.slots))

    def loose(self, phrasings: list[str], **slots) -> str:
        return self.words.loose(self.rng, phrasings).format(**self.slots, **slots)

    def calculate(self, sign: str, left: int, right: int, value: int, noun: str, implicit: str | None = None, **slots) -> None:
        slots = dict(x=right, g=value, v=left) | slots
        self.operations.append(Operation(
            sign, left, right, value, self.loose(_EXPLICIT[sign], **slots), self.loose(_IMPLICIT[implicit or sign], **slots), noun))

    def add(self) -> None:
        x = spread_number(self.rng, self.largest)
        if self.value + x > LARGEST:
            return
        self.say(_ADD, x=x)
        self.calculate("+", self.value, x, self.value + x, f"the {x} more")
        self.value += x

    def subtract(self) -> None:
        if self.value < 8:
            return
        x = min(spread_number(self.rng, min(self.largest, self.value - 2)), self.value - 1)
        self.say(_SUBTRACT, x=x)
        self.calculate("-", self.value, x, self.value - x, f"the {x} that are gone")
        self.value -= x

    def boxes(self) -> None:
        x, y = self.rng.randint(2, 12 if self.largest < 300 else 60), self.rng.randint(2, 12)
        product = x * y
        if self.value + product > LARGEST:
            return
        containers = self.slots["c"]
        self.say(_BOXES, x=x, y=y)
        explicit = self.loose(_EXPLICIT["*"], v=x, x=y, g=product)
        implicit = self.loose(_IMPLICIT["boxes"], x=x, y=y, g=product)
        self.operations.append(Operation("*", x, y, product, explicit, implicit, f"the {containers}"))
        total = self.value + product
        self.calculate("+", self.value, product, total, f"adding the {containers}", "join")
        self.value = total

    def multiply(self) -> None:
        x = self.rng.randint(2, 5)
        if self.value < 3 or self.value * x > LARGEST:
            return
        words = {2: ["Then the number of {o} doubles."], 3: ["Then the number of {o} triples."]}.get(x, [])
        self.say(words + _MULTIPLY, x=x)
        self.calculate("*", self.value, x, self.value * x, f"the factor {x}")
        self.value *= x

    def divide(self) -> None:
        divisors = [d for d in range(2, 13) if self.value % d == 0 and self.value // d > 2]
        if not divisors:
            return
        x = self.rng.choice(divisors)
        self.say(_DIVIDE, x=x)
        self.calculate("/", self.value, x, self.value // x, f"the {x} parts")
        self.value //= x


def make_problem(rng: random.Random, words: Cast, operations: int | None = None, largest: int | None = None,
                 listing: bool = False, moved: float = 0.0) -> Problem:
    """A problem of 2 to 6 calculations over numbers up to `largest` at the start and 9,999 in between; it asks for the last value or
    (`listing`) for all of them. In a share of its sentences (`moved`) a word stands at another place."""
    builder = _Builder(rng, words, largest or rng.choice((50, 200, 1000, 1000, 9999, 9999)), moved)
    wanted = operations or rng.randint(2, 6)
    builder.say(_OPENINGS, v=builder.value)
    while len(builder.operations) < wanted:
        kinds = [builder.add] * 3 + [builder.subtract] * 3 + [builder.multiply, builder.divide]
        if len(builder.operations) + 2 <= wanted:
            kinds += [builder.boxes] * 2
        rng.choice(kinds)()
    builder.ask(_LISTING_QUESTIONS if listing else _QUESTIONS)
    slots = builder.slots
    return Problem(words, slots["n"], slots["f"], slots["o"], slots["pr"], builder.sentences, builder.operations)
