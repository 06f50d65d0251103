import json
import random
import re
import unittest
from unittest import mock

from tinylm import words
from tinylm.corpus import PARTS
from tinylm.passages import make_passage
from tinylm.rationales import RATES, TOLERANCE, make_rationale
from tinylm.stories import make_text
from tinylm.tasks import TRAINING_TASKS
from tinylm.traces import COPY, CRITICAL, RECAP, REDUNDANT, make_trace, numbers, thin

SPLITS = (words.TRAIN, words.LATE, words.WORDS, words.PHRASINGS)


def repeats(text, words=10):
    """Whether a run of as many words comes twice, which Self-Lengthen's filter refuses."""
    pieces = text.split()
    runs = [tuple(pieces[start:start + words]) for start in range(len(pieces) - words + 1)]
    return len(runs) != len(set(runs))


def traces(count, split=words.TRAIN, **options):
    rng = random.Random(11)
    return [make_trace(rng, split, **options) for _ in range(count)]


class Traces(unittest.TestCase):
    def test_the_same_seed_gives_the_same_trace(self):
        self.assertEqual([trace.chain for trace in traces(50)], [trace.chain for trace in traces(50)])

    def test_every_equation_holds(self):
        for trace in traces(300):
            for equation in trace.problem.equations:
                left, right = equation.replace("/", "//").split(" = ")
                self.assertEqual(eval(left), int(right), equation)  # digits and operators of the generator's own making

    def test_each_calculation_is_stated_once_and_in_order(self):
        for trace in traces(300):
            self.assertEqual([step.value for step in trace.results], trace.problem.values)
            for step in trace.results:
                self.assertIn(str(step.value), numbers(step.text))

    def test_a_critical_step_alone_holds_a_value_of_the_answer(self):
        for trace in traces(300):
            for step in trace.steps:
                others = set(numbers(trace.problem.question + " " + " ".join(s.text for s in trace.steps if s is not step)))
                alone = {str(value) for value in trace.needed} & set(numbers(step.text)) - others
                self.assertEqual(step.label == CRITICAL, any(len(value) > 1 for value in alone))

    def test_a_redundant_step_carries_no_result(self):
        for trace in traces(300):
            self.assertTrue(all(step.value is None for step in trace.steps if step.label == REDUNDANT))

    def test_some_redundant_steps_restate_values_that_the_answer_needs(self):
        restating = [step for trace in traces(300, form=RECAP) for step in trace.steps
                     if step.kind == "verification" and set(numbers(step.text)) & set(map(str, trace.needed))]
        self.assertGreater(len(restating), 50)

    def test_a_thinned_trace_keeps_every_value_of_the_answer(self):
        rng = random.Random(5)
        for trace in traces(300):
            thinned = thin(rng, trace)
            wanted = set(map(str, trace.needed)) & set(numbers(trace.chain))
            self.assertLessEqual(wanted, set(numbers(thinned.chain)))

    def test_arithmetic_traces_make_no_slips(self):
        for trace in traces(200, form=COPY, functional=0.7, arithmetic=True):
            self.assertFalse({"slip", "doubt"} & {step.kind for step in trace.steps})


class HeldOut(unittest.TestCase):
    def test_training_never_uses_a_held_out_word(self):
        rng = random.Random(3)
        for _ in range(5000):
            cast = words.cast(rng, words.TRAIN)
            used = {*cast.names, *cast.objects, *cast.containers, *cast.places, *cast.colors, *cast.animals}
            self.assertFalse({word.lower() for word in used} & words._HELD_OUT)

    def test_the_last_phrasing_of_a_list_is_for_the_held_out_split_alone(self):
        rng, phrasings = random.Random(3), ["one", "two", "held out"]
        chosen = {split: {words.cast(rng, split).phrase(rng, phrasings) for _ in range(200)} for split in SPLITS}
        self.assertEqual(chosen, {words.TRAIN: {"one", "two"}, words.LATE: {"one", "two"}, words.WORDS: {"one", "two"},
                                  words.PHRASINGS: {"one", "two", "held out"}})

    def test_no_held_out_word_stands_in_for_another(self):
        self.assertFalse(set(words.COMMON) & {form for word in words._HELD_OUT for form in (word, word.removesuffix("s"))})

    def test_in_the_later_parts_loose_phrasings_change_their_shape_and_keep_their_slots_and_ends(self):
        rng = random.Random(3)
        loose = [words.cast(rng, words.LATE).loose(rng, ["There are {v} {o} on the shelf of {n}."]) for _ in range(500)]
        self.assertTrue(all(text.endswith(".") and text[0] in text[0].upper() and len(text.split()) == 9 for text in loose))
        self.assertTrue(all(sorted(re.findall("{.}", text)) == ["{n}", "{o}", "{v}"] for text in loose))
        self.assertGreater(len({tuple(re.findall("{.}", text)) for text in loose}), 4)

    def test_in_the_later_parts_loose_phrasings_mix_the_words_of_a_list_but_never_those_of_its_held_out_one(self):
        rng = random.Random(3)
        phrasings = ["ebba ecca edda.", "ibba icca idda.", "obba occa odda."]
        loose = " ".join(words.cast(rng, words.LATE).loose(rng, phrasings) for _ in range(1000))
        mixed = re.findall(r"\be(?:bb|cc|dd)a\b[^.]*\bi(?:bb|cc|dd)a\b", loose.lower())
        self.assertGreater(len(mixed), 20)
        self.assertIsNone(re.search(r"\bo(bb|cc|dd)a\b", loose.lower()))

    def test_a_word_that_is_moved_leaves_the_other_words_and_the_order_of_the_slots(self):
        rng, changed = random.Random(5), 0
        phrasing = "Then {n} buys {x} {c} of {y} {o}."
        for _ in range(200):
            text = words.reordered(rng, phrasing, slots=False)
            changed += text != phrasing
            self.assertEqual(re.findall("{.}", text), re.findall("{.}", phrasing))
            self.assertEqual(sorted(text.lower().rstrip(".").split()), sorted(phrasing.lower().rstrip(".").split()))
        self.assertGreater(changed, 100)

    def test_held_out_phrasings_are_never_loose(self):
        rng = random.Random(3)
        for split in (words.WORDS, words.PHRASINGS):
            self.assertEqual({words.cast(rng, split).loose(rng, ["some plain words"]) for _ in range(200)}, {"some plain words"})


class Tasks(unittest.TestCase):
    def test_every_task_makes_rows_of_every_split(self):
        rng = random.Random(9)
        for make in TRAINING_TASKS.values():
            for split in SPLITS:
                row = make(rng, split, documents=["A line of text.\nAnother one.\n" * 60])
                self.assertTrue(row["prompt"] and row["reply"])
                json.dumps(row)

    @mock.patch.object(words, "COMMON", ["zzz"])
    def test_loose_words_are_copied_and_never_made_up(self):
        rng = random.Random(8)
        for name in ("solve", "write", "extend", "answer", "ask"):
            for _ in range(200):
                row = TRAINING_TASKS[name](rng, words.TRAIN, documents=["A line.\n" * 60])
                for sentence in re.findall(r"[^.\n]*zzz[^.\n]*", row["reply"], re.IGNORECASE):
                    self.assertIn(sentence.strip(), row["prompt"])

    def test_every_training_task_has_a_share(self):
        shares = [recipe.shares for recipe in PARTS.values()]
        self.assertEqual(set(TRAINING_TASKS), set().union(*shares))
        for part in shares:
            self.assertAlmostEqual(1, sum(part.values()))

    def test_a_rationale_meets_every_rate_and_keeps_its_equations(self):
        rng = random.Random(4)
        for split in SPLITS:
            for _ in range(50):
                rationale = make_rationale(rng, split)
                for rate in RATES:
                    self.assertLessEqual(abs(rationale.achieved(rate) - rate / 100), TOLERANCE)
                    self.assertEqual(re.findall(r"\d+ [-+*/] \d+ = \d+", rationale.at(rate)), rationale.equations)

    def test_a_longer_text_repeats_no_ten_words_and_grows_by_more_than_a_fifth(self):
        rng = random.Random(6)
        for _ in range(4000):
            # Loose phrasings that change their shape need not keep the places apart.
            text = make_text(rng, rng.choice([split for split in SPLITS if split != words.LATE]), given=rng.randrange(4))
            for level in (1, 2, 3):
                self.assertGreater(len(text.at(level + 1).split()), 1.2 * len(text.at(level).split()))
                self.assertFalse(repeats(text.at(level + 1)))

    def test_the_question_tells_whether_the_last_value_or_all_of_them_are_asked_for(self):
        endings = {form: {trace.problem.sentences[-1].split()[0] for trace in traces(300, form=form)} for form in (COPY, RECAP)}
        self.assertFalse({trace.problem.sentences[-1] for trace in traces(300, form=COPY)}
                         & {trace.problem.sentences[-1] for trace in traces(300, form=RECAP)}, endings)

    def test_the_answer_to_a_question_stands_in_its_passage_and_the_question_is_known(self):
        rng = random.Random(7)
        for _ in range(200):
            passage = make_passage(rng, words.WORDS, rng.randint(1, 10))
            for questions in passage.facts:
                for question, answer in questions:
                    self.assertIn(answer, passage.text)
                    self.assertIn(question, passage.questions)


if __name__ == "__main__":
    unittest.main()
