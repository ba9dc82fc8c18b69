"""Which of its forms the command is asked for: a list, one strategy, the schema of files, or the import of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.errors import UserError
from experiments.wording import got, listed, suggestion

__all__ = ["FORMS", "IMPORT_KEYS", "Request", "asked_for"]

#: Keys that choose a form, and how each is written.
FORMS = {"show": "show=NAME", "schema": "schema=true", "import": "import=FILE name=NAME"}
#: Keys that only go with import; `brand` is an override of show, too.
IMPORT_KEYS = ("name", "sheet", "like")
SCHEMAS = {"true": "strategy", "strategy": "strategy", "scenario": "scenario"}
_SEARCH_PATH = "hydra.searchpath"


@dataclass(frozen=True)
class Request:
    """What to do.

    Attributes
    ----------
    form
        ``"list"`` or one of `FORMS`.
    value
        What the key of the form was given.
    words
        All other words: overrides.
    """

    form: str
    value: str = ""
    words: tuple[str, ...] = ()


def asked_for(words: Sequence[str]) -> Request:
    """Read the words of the command line.

    Raises
    ------
    UserError
        With a line for everything that is wrong.
    """
    # Names are taken as they stand, since Hydra's grammar would refuse blanks and brackets.
    forms = {key: word for word in words if (key := _key(word)) in FORMS}
    if "import" in forms and len(forms) == 1:
        return Request("import", words=tuple(words))
    if len(forms) > 1:
        raise UserError(f"{' and '.join(forms)}: got both; strategies takes one of {', '.join(FORMS.values())}")
    if not forms:
        UserError.raise_any(_not_of_the_list(key) for key in map(_key, words) if key != _SEARCH_PATH)
        return Request("list", words=tuple(words))
    ((form, _),) = forms.items()
    given = [word.partition("=")[2].strip() for word in words if _key(word) == form]
    rest = tuple(word for word in words if _key(word) != form)
    problems = [f"{form}: it is set by {FORMS[form]}"] if not all(given) else []
    if len(given) > 1:
        problems.append(f"{form}: got {got(given[0])} and {got(given[1])}; it takes one value")
    if form == "schema":
        problems += [f"{_key(word)}: not a key beside schema; it takes schema=true or schema=scenario alone" for word in rest]
        if given[0] and given[0] not in SCHEMAS:
            problems.append(f"schema: got {got(given[0])}; it takes true or scenario{suggestion(given[0], SCHEMAS)}")
    else:
        problems += [f"{key}: a key of import; it goes with {FORMS['import']}" for key in map(_key, rest) if key in IMPORT_KEYS]
    UserError.raise_any(problems)
    return Request(form, given[0], rest)


def _key(word: str) -> str:
    return word.partition("=")[0].strip()


def _not_of_the_list(key: str) -> str:
    if key in IMPORT_KEYS:
        return f"{key}: a key of import; it goes with {FORMS['import']}"
    known = (*FORMS, *IMPORT_KEYS)
    hint = suggestion(key, known)
    return f"{key}: not a key of strategies; it takes {listed(tuple(FORMS.values()))}{hint or '; overrides go with show=NAME'}"
