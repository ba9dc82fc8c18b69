"""Every row of the evidence: those that are built, found as files of the package `rows`, and those that are still to be built."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module

from experiments.errors import UserError
from experiments.validate import rows
from experiments.validate.row import Row, Use
from experiments.wording import got, listed, suggestion

__all__ = ["Planned", "built_rows", "chosen", "names"]


@dataclass(frozen=True)
class Planned:
    """A row that is not built yet: what is known of it."""

    number: int
    use: Use
    name: str
    title: str
    source: str


#: All rows of the evidence. A file `rows/NAME.py` takes the place of the one with its number.
_EVIDENCE = (
    Planned(1, "exact", "red_packet_split", "Double-mean red packets", "analytic recursion"),
    Planned(2, "exact", "bass_diffusion", "Bass diffusion", "Sultan, Farley, Lehmann 1990"),
    Planned(3, "exact", "bg_nbd", "Purchases without marketing", "Fader, Hardie, Lee 2005"),
    Planned(4, "exact", "service_desk", "Service desk", "Erlang C"),
    Planned(5, "exact", "branching", "Referral as a branching process", "Galton-Watson"),
    Planned(6, "exact", "survival", "Constant leaving hazard", "closed form"),
    Planned(7, "C", "cdnow", "CDNOW purchases", "CDNOW data"),
    Planned(8, "C", "repeat_ladder", "Repeat ladder", "CDNOW full cohort"),
    Planned(9, "C", "group_life", "Life of unplanned groups", "Qiu et al. 2016"),
    Planned(10, "C", "give_back", "Red packets given back", "Yuan et al. 2024"),
    Planned(11, "C", "promotion", "A 31 % promotion", "grocery panel; Bijmolt et al. 2005"),
    Planned(12, "C", "invitations", "Timing of invitations", "Qiu et al. 2016"),
    Planned(13, "V", "message_load", "30 % more messages", "Goli et al. 2025"),
    Planned(14, "V", "referred_members", "Referred members", "Schmitt et al. 2011; Van den Bulte et al. 2018; Gershon & Jiang 2025"),
    Planned(15, "V", "contagion", "Contagion of leaving", "Nitzan & Libai 2011"),
    Planned(16, "V", "participation", "Participation in large groups", "van Mierlo 2014; Caetano et al. 2018"),
    Planned(17, "V", "chat_capacity", "Chat capacity", "Jones et al. 2008"),
    Planned(18, "V", "unanswered_posts", "Unanswered posts and threads", "Meagher & Friel 2025"),
    Planned(19, "V", "burstiness", "Poisson purchases, bursty messages", "CDNOW; Jo et al. 2012"),
    Planned(20, "V", "muted_and_left", "Muted and left", "survey, n = 2,002"),
    Planned(21, "V", "clv_elasticities", "Elasticities of customer value", "Gupta, Lehmann, Stuart 2004"),
    Planned(22, "trap", "homophily", "Homophily taken for influence", "Aral et al. 2009"),
    Planned(23, "band", "gaozi", "Playbook gaozi", "practitioner"),
    Planned(24, "band", "ad_hoc_group", "Playbook ad_hoc_group", "practitioner"),
    Planned(25, "band", "alarm_levels", "Alarm levels of operators", "trade lore"),
    Planned(26, "null", "null_world", "Equal offers, mechanisms off", "design"),
    Planned(27, "flip", "flip_map", "Kill-pig against fish-raising", "design"),
)
_EXAMPLE = "for example rows=[bass_diffusion,26] or rows=[exact]"


@cache
def built_rows() -> dict[str, Row]:
    """Return the rows that are files of the package `rows`, by name, in the order of their numbers."""
    found = []
    for module in pkgutil.iter_modules(rows.__path__):
        row: Row = import_module(f"{rows.__name__}.{module.name}").ROW
        found.append(replace(row, name=module.name))
    return {row.name: row for row in sorted(found, key=lambda row: (row.number, row.name))}


def _all(built: dict[str, Row]) -> list[Row | Planned]:
    numbers = {row.number for row in built.values()}
    return sorted([*built.values(), *(row for row in _EVIDENCE if row.number not in numbers)], key=lambda row: row.number)


def names() -> list[str]:
    """Return the names of all rows, built or not."""
    return [row.name for row in _all(built_rows())]


def chosen(words: tuple[str | int, ...]) -> list[Row | Planned]:
    """Return the rows that names, numbers or uses choose, each once; all of them where there are no words.

    Parameters
    ----------
    words
        ``"bass_diffusion"``, ``26`` or ``"exact"``.

    Raises
    ------
    UserError
        With a line for every word that chooses nothing.
    """
    every = _all(built_rows())
    uses = dict.fromkeys(row.use for row in every)
    wrong = [word for word in words if not any(_meant(word, row) for row in every)]
    hints = {word: suggestion(str(word), [*names(), *uses]) if isinstance(word, str) else "" for word in wrong}
    takes = f"it takes names, numbers (1 to {every[-1].number}) or uses ({listed(list(uses))}), {_EXAMPLE}"
    UserError.raise_any(f"rows: got {got(word)}; {takes}{hints[word]}" for word in wrong)
    return [row for row in every if not words or any(_meant(word, row) for word in words)]


def _meant(word: str | int, row: Row | Planned) -> bool:
    return word in (row.number, row.name, row.use)
