from __future__ import annotations

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given
from hypothesis import strategies as st

from experiments.overrides import parse, quoted, split_only


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("only.a.x.y=3", "strategy.x.y=3"),
        ("+only.a.x={p: 1}", "+strategy.x={p: 1}"),
        ("++only.a.only.a.x=3", "++strategy.only.a.x=3"),
        ("~only.a.programme.only", "~strategy.programme.only"),
    ],
)
def test_changes_of_one_arm_become_changes_of_its_strategy(line: str, own: str) -> None:
    overrides, problems = parse([line, "seed=3"])
    common, only, more = split_only(overrides)
    assert problems == more == []
    assert [override.line for override in common] == ["seed=3"]
    assert [override.line for override in only["a"]] == [own]
    assert only["a"][0].as_shown("strategy.z") == "only.a.z"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_a_quoted_text_comes_back_as_it_was(text: str) -> None:
    value = OverridesParser.create().parse_override(f"x={quoted(text)}").value()
    assert value == text
