"""The stages of a search, each on people of its own, and what the runs of each are called."""

from __future__ import annotations

__all__ = ["CONFIRMATION", "RETEST", "SEARCH", "STAGES", "in_stage", "seed_shift", "stage_of"]

SEARCH, RETEST, CONFIRMATION = "search", "retest", "confirmation"
STAGES = (SEARCH, RETEST, CONFIRMATION)
_MARK = ":"
#: Added to the seed for each further stage; any number would do.
_SHIFT = 1_000_003


def in_stage(run: str, stage: str) -> str:
    """Name the runs of an arm in a stage: ``fish_raising@3f2a91c0de``, or ``fish_raising@3f2a91c0de:retest``."""
    return run if stage == SEARCH else f"{run}{_MARK}{stage}"


def stage_of(name: str) -> tuple[str, str]:
    """Part such a name into the arm and the stage."""
    run, mark, stage = name.rpartition(_MARK)
    return (run, stage) if mark and stage in STAGES else (name, SEARCH)


def seed_shift(name: str) -> int:
    """Return what is added to the seed for such a name."""
    return STAGES.index(stage_of(name)[1]) * _SHIFT
