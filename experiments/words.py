"""Words of the command line for commands whose keys are not those of a scenario."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from experiments.overrides import Override, parse
from experiments.wording import got, listed, suggestion

__all__ = ["PLAIN_NAME", "read_as_they_are", "read_by_grammar", "wrong_name"]

#: What Hydra's grammar takes as a plain word in brand=NAME, and every file system as the name of a file.
PLAIN_NAME = re.compile(r"(?!(?:null|true|false|inf|nan)$)[A-Za-z][A-Za-z0-9_-]{0,79}", re.IGNORECASE)


def wrong_name(value: str) -> str:
    """Say why a text cannot name a file that is chosen on the command line; empty if it can."""
    if PLAIN_NAME.fullmatch(value):
        return ""
    return f"got {got(value)}; it takes letters a to z, digits, _ and -, a letter first, 80 characters at most"


def read_as_they_are(words: Iterable[str], known: Sequence[str], command: str) -> tuple[dict[str, str], list[str]]:
    """Read KEY=VALUE words as they are: names of files hold blanks, brackets and any script, which Hydra's grammar would refuse.

    Parameters
    ----------
    words
        Of the command line.
    known
        Keys of the command.
    command
        Its name.

    Returns
    -------
    given : dict
        Values by key; of a key that was given twice, the first.
    problems : list of str
        A line for everything that is wrong.
    """
    given: dict[str, str] = {}
    problems = []
    for word in words:
        key, separator, value = word.partition("=")
        if key not in known:
            problems.append(f"{key}: not a key of {command}; it takes {listed(known, most=len(known))}{suggestion(key, known)}")
        elif not separator or not value.strip():
            problems.append(f"{key}: it is set by {key}=VALUE")
        elif key in given:
            problems.append(f"{key}: got {got(given[key])} and {got(value)}; it takes one value")
        given.setdefault(key, value.strip())
    return given, problems


def read_by_grammar(
    lines: Sequence[str],
    known: Sequence[str],
    command: str,
    *,
    besides: Collection[str] = (),
    hint: str = "",
    is_other: Callable[[Override], bool] = lambda _: False,
) -> tuple[dict[str, object], list[Override], list[str]]:
    """Read KEY=VALUE words by Hydra's grammar.

    Parameters
    ----------
    lines
        Of the command line.
    known
        Keys of the command.
    command
        Its name.
    besides
        What else it takes, in words.
    hint
        What is said of a key that resembles none.
    is_other
        Tells which words are none of the command's keys, but something else that it takes.

    Returns
    -------
    values : dict
        By key.
    others : list of Override
        The other words, in their order.
    problems : list of str
        A line for everything that is wrong.
    """
    overrides, problems = parse(lines)
    takes = listed([*known, *besides], most=len(known) + len(besides))
    values: dict[str, object] = {}
    others = []
    for override in overrides:
        if is_other(override):
            others.append(override)
        elif override.key not in known:
            problems.append(f"{override.shown}: not a key of {command}; it takes {takes}{suggestion(override.key, known) or hint}")
        elif override.prefix:
            problems.append(f"{override.prefix}{override.key}: it is set by {override.key}=VALUE")
        else:
            values[override.key] = override.parsed
    return values, others, problems
