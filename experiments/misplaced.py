"""Which keys of the configuration are of which command, and what is said where one stands with another command."""

from __future__ import annotations

from experiments.settings import LIST_KEYS

__all__ = ["ELSEWHERE", "MISPLACED", "ROOTS"]

_SHOWN_OF_COMPARE = dict.fromkeys(("answer", "best", "flip_map", "precision", "robustness"), "it is a key of compare")
_OF_COMPARE = {**_SHOWN_OF_COMPARE, **dict.fromkeys(("arms", "equal_spend", "question"), "it is a key of compare")}
_OF_RUN = {"trace": "it is a key of run"}
_WITH_TABLES = {"export": "it is a key of run and compare"}
_OF_SWEEP = {"sweep": "it is a key of the command sweep"}
_OF_SENSITIVITY = {"sensitivity": "it is a key of the command sensitivity"}
_OF_OPTIMISE = {"optimise": "it is a key of the command optimise"}
_OF_MANY_POINTS = {**_OF_SWEEP, **_OF_SENSITIVITY, **_OF_OPTIMISE}
_ONE_STRATEGY = "optimise takes strategy=NAME, one strategy that it changes"
#: Why a key is not one of a command, by command and key.
MISPLACED = {
    "run": {"strategies": "run takes strategy=NAME", **_OF_COMPARE, **_OF_MANY_POINTS},
    "parameters": {"strategies": "parameters takes strategy=NAME", **_OF_COMPARE, **_OF_RUN, **_WITH_TABLES, **_OF_MANY_POINTS},
    "strategies": {
        **dict.fromkeys(("strategy", "strategies"), "strategies takes show=NAME"),
        **_OF_COMPARE,
        **_OF_RUN,
        **_WITH_TABLES,
        **_OF_MANY_POINTS,
    },
    "compare": {"strategy": "compare takes strategies=[BASELINE,NAME,...]", **_OF_RUN, **_OF_MANY_POINTS},
    "sweep": {
        "strategy": "sweep takes strategy=NAME or strategies=[BASELINE,NAME,...], one of the two",
        **_SHOWN_OF_COMPARE,
        **_OF_RUN,
        **_WITH_TABLES,
        **_OF_SENSITIVITY,
        **_OF_OPTIMISE,
    },
    "sensitivity": {
        "strategy": "sensitivity takes strategy=NAME or strategies=[BASELINE,NAME,...], one of the two",
        **_SHOWN_OF_COMPARE,
        **_OF_RUN,
        **_WITH_TABLES,
        **_OF_SWEEP,
        **_OF_OPTIMISE,
    },
    "optimise": {
        **dict.fromkeys(("strategy", "arms"), _ONE_STRATEGY),
        "equal_spend": "it is a key of compare",
        **_OF_SENSITIVITY,
        **_SHOWN_OF_COMPARE,
        **_OF_RUN,
        **_WITH_TABLES,
        **_OF_SWEEP,
    },
}
#: Groups of keys of the job that belong to one command with all that is below them.
ROOTS = ("best", "flip_map", "optimise", "precision", "robustness", "sensitivity", "sweep")
ELSEWHERE = {"dir": "it is a key of report", "size": "it is a key of validate", **dict.fromkeys(LIST_KEYS, "it is a key of parameters")}
