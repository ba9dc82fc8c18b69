from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from experiments.yaml_faults import yaml_fault


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a:\n  b: 1\n\tc: 2\n", 3, "there is a tab"),
        ("a:\n  b: 1\n   c: 2\n", 3, "neighbours begin below each other"),
        ("a:\n  b: 1\nc: 2\n   d: 3\n", 4, "a colon where none may be"),
        ("a:\n  b: {c: 1}\n   d: {e: 2}\n", 3, "has other blanks before it"),
        ("a: one: two\n", 1, "a text with one goes into quotes"),
        ("a: {b: 1\nc: {d: 2}\n", 2, "a comma, a quote or a closing bracket is missing"),
        ('a: {b: "1"，c: 2}\n', 1, "the full-width sign ， stands where YAML takes ,"),
        ("a: {b： 1}\nc: 2:\n", 2, "the full-width sign ： stands where YAML takes :"),
        ('a: "一，二": 2\n', 1, "a colon where none may be"),
        ('a: "one\n', 2, "a quote is opened and not closed"),
        ("a: &x 1\nb: *y\n", 2, "found undefined alias"),
    ],
)
def test_a_fault_is_told_in_words(text: str, line: int, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with path.open(encoding="utf-8") as file, pytest.raises(yaml.MarkedYAMLError) as caught:
        yaml.safe_load(file)
    told = yaml_fault(caught.value)
    assert told.startswith(f"{path} line {line}: not valid YAML: ")
    assert reason in told


def test_a_text_without_a_file_is_told_too() -> None:
    with pytest.raises(yaml.MarkedYAMLError) as caught:
        yaml.safe_load("a: [1")
    assert "not valid YAML: a comma, a quote or a closing bracket is missing" in yaml_fault(caught.value)
