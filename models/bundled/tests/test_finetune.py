import random
import tempfile
import unittest
from pathlib import Path

import torch

from tinylm.finetune import VOCABULARY, finetune
from tinylm.tokenizer import ASSISTANT, END, USER, Tokenizer

COLOURS, PEOPLE = ("red", "green", "blue", "black"), ("Ann", "Bob", "Cleo")
THINGS = ("box", "car", "hat", "door", "cup", "bag", "coat", "lamp")


def example(person, colour, thing):
    return dict(prompt=f"{person} has a {colour} {thing}. Which colour is the {thing}?", reply=f"{colour} {thing}\nThe answer is {colour}")


def answer(model, tokenizer, prompt):
    ids = [END, USER] + tokenizer.encode(prompt) + [ASSISTANT]
    given = len(ids)
    with torch.no_grad():
        while len(ids) < given + 24:
            best = int(model(torch.tensor([ids]))[0, -1].argmax())
            if best == END:
                break
            ids.append(best)
    return tokenizer.decode(ids[given:])


class Finetune(unittest.TestCase):
    def test_a_model_that_starts_from_nothing_answers_questions_that_it_did_not_see(self):
        torch.set_num_threads(1)
        torch.set_flush_denormal(True)
        rng = random.Random(1)
        rows = [example(person, rng.choice(COLOURS), thing) for person in PEOPLE for thing in THINGS]
        rng.shuffle(rows)
        known, held = rows[:16], rows[16:]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "tokenizer.json"
            Tokenizer.train([text for row in known for text in row.values()], VOCABULARY).save(file)
            tokenizer = Tokenizer.load(file)
        model = finetune(known, tokenizer, None, 200, 96, 1)
        right = sum(answer(model, tokenizer, row["prompt"]) == row["reply"] for row in held)
        self.assertGreaterEqual(right, 6)


if __name__ == "__main__":
    unittest.main()
