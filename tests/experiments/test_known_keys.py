from __future__ import annotations

import pytest

from experiments.known_keys import KnownKeys
from tests.experiments.fake_world import FakeScenario

KNOWN = KnownKeys(FakeScenario.model_json_schema())
DATA = {"strategy": {"programme": {"sale": {"kind": "sale"}, "post": {"kind": "post"}, "odd": {"kind": "no kind"}}}}


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        (["population"], ["groups", "size"]),
        (["behaviour", "fatigue"], ["half_life_days"]),
        (["strategy", "programme", "sale"], ["discount", "kind", "stock", "when"]),
        (["strategy", "programme", "post"], ["kind", "topics", "when"]),
        (["strategy", "programme", "odd"], []),
        (["strategy", "programme"], []),  # names are free
        (["population", "size"], []),
        (["nowhere", "at", "all"], []),
    ],
)
def test_keys_of_a_place(path: list[str], keys: list[str]) -> None:
    assert KNOWN.at(path, DATA) == keys


def test_keys_of_the_top() -> None:
    assert KNOWN.at([], DATA) == sorted(FakeScenario.model_fields)
