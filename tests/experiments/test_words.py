from __future__ import annotations

import pytest

from experiments.words import read_as_they_are, read_by_grammar, wrong_name

KEYS = ["data", "name", "seed"]


def test_words_are_taken_as_they_are() -> None:
    given, problems = read_as_they_are(["data=my files [2026]/=订单", "name= mine "], KEYS, "calibrate")
    assert given == {"data": "my files [2026]/=订单", "name": "mine"}
    assert problems == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["dta=x"], "dta: not a key of calibrate; it takes data, name, seed; did you mean data?"),
        (["data"], "data: it is set by data=VALUE"),
        (["data= "], "data: it is set by data=VALUE"),
        (["seed=1", "seed=2"], "seed: got '1' and '2'; it takes one value"),
    ],
)
def test_wrong_words_are_told(words: list[str], said: str) -> None:
    assert read_as_they_are(words, KEYS, "calibrate")[1] == [said]


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert len(read_as_they_are(["one=1", "data", "two=2"], KEYS, "calibrate")[1]) == 3


def test_values_are_read_by_the_grammar() -> None:
    values, others, problems = read_by_grammar(["seed=3", "name=[a,b]"], KEYS, "validate")
    assert values == {"seed": 3, "name": ["a", "b"]}
    assert (others, problems) == ([], [])


def test_other_words_are_kept_apart() -> None:
    lines = ["behaviour.chat.novelty=2", "seed=3"]
    values, others, problems = read_by_grammar(lines, KEYS, "validate", is_other=lambda override: override.key.startswith("behaviour."))
    assert values == {"seed": 3}
    assert [own.line for own in others] == ["behaviour.chat.novelty=2"]
    assert problems == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sed=1", "sed: not a key of validate; it takes data, name, seed, behaviour.X; did you mean seed?"),
        ("market.pool=1", "market.pool: not a key of validate; it takes data, name, seed, behaviour.X; what a row simulates is its own"),
        ("+seed=1", "+seed: it is set by seed=VALUE"),
    ],
)
def test_wrong_lines_are_told(line: str, said: str) -> None:
    assert read_by_grammar([line], KEYS, "validate", besides=["behaviour.X"], hint="; what a row simulates is its own")[2] == [said]


@pytest.mark.parametrize("name", ["mine", "a-1_b", "nullable"])
def test_names_that_can_be_chosen(name: str) -> None:
    assert wrong_name(name) == ""


@pytest.mark.parametrize("name", ["null", "True", "1a", "a b", "a.b", "a" * 81, "订单"])
def test_names_that_cannot(name: str) -> None:
    assert wrong_name(name).startswith("got ")
