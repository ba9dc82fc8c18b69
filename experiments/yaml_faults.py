"""What is wrong with a file of YAML, in words for who writes plans and not parsers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from yaml import MarkedYAMLError

__all__ = ["yaml_fault"]

#: Signs that a Chinese keyboard gives for those of YAML.
_FULL_WIDTH = {"，": ",", "：": ":", "“": '"', "”": '"', "｛": "{", "｝": "}", "［": "[", "］": "]", "【": "[", "】": "]"}
_WORDS = (
    ("'\\t'", "there is a tab; lines are indented with blanks"),
    ("expected <block end>", "this line, or one before it, has other blanks before it than its neighbours"),
    ("mapping values are not allowed", "a colon where none may be; a text with one goes into quotes; neighbours begin below each other"),
    ("expected ',' or", "a comma, a quote or a closing bracket is missing, in this line or before it"),
    ("found unexpected end of stream", "a quote is opened and not closed"),
)  # fmt: skip


def yaml_fault(fault: MarkedYAMLError) -> str:
    """Say where a file is no YAML, and why, as far as can be told."""
    mark = fault.problem_mark
    if mark is None:
        return f"not valid YAML: {fault.problem}"
    problem = str(fault.problem)
    reason = next((words for part, words in _WORDS if part in problem), problem)
    return f"{mark.name} line {mark.line + 1}: not valid YAML: {_full_width(mark.name, mark.line) or reason}"


def _full_width(name: str, line: int) -> str:
    """Name a full-width sign in the line, or in the one before it: parsers notice some of them late."""
    for text in _lines(name)[max(0, line - 1) : line + 1]:
        found = next((sign for sign in _FULL_WIDTH if sign in _unquoted(text)), None)
        if found:
            return f"the full-width sign {found} stands where YAML takes {_FULL_WIDTH[found]}"
    return ""


def _unquoted(text: str) -> str:
    """Leave out what stands between quotes, where such signs are right, and comments."""
    return "".join(text.partition("#")[0].split('"')[::2])


def _lines(name: str) -> Sequence[str]:
    try:
        return Path(name).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
