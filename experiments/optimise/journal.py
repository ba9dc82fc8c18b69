"""`search.json`: what was asked, batch by batch, written before it is simulated.

Results are not in it: they are taken from the runs. Who continues a search, or shows it, need not ask the sampler again, which may be
another version of it by then.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.errors import UserError
from experiments.files import write_text
from experiments.optimise.trials import Candidate
from experiments.varying.points import Point

__all__ = ["FILE", "Journal"]

FILE = "search.json"
#: Settings that are asked for at most, for each one that is wanted: the model may refuse them all.
_MOST_A_TRIAL = 10


class Journal:
    """The batches of a search.

    Parameters
    ----------
    folder
        Folder of the experiment.
    strategy
        Name of the strategy, which its runs begin with.

    Raises
    ------
    UserError
        When the file cannot be understood.
    """

    def __init__(self, folder: Path, strategy: str) -> None:
        self._path, self._strategy = folder / FILE, strategy
        try:
            self._content: list[list[dict[str, Any]]] = json.loads(self._path.read_text(encoding="utf-8")) if self._path.is_file() else []
            self.batches = [[self._candidate(entry) for entry in batch] for batch in self._content]
        except (ValueError, TypeError, KeyError) as fault:
            raise UserError(f"out: {self._path} cannot be read ({fault}); without it the search cannot go on: take another out") from fault

    def up_to(self, trials: int) -> list[list[Candidate]]:
        """Return the first batches, up to that in which so many settings are that the model takes."""
        accepted = 0
        for place, batch in enumerate(self.batches):
            if accepted >= trials:
                return self.batches[:place]
            accepted += sum(not own.refused for own in batch)
        return self.batches

    def left(self, trials: int) -> int:
        """Return how many settings are still to be asked for, those that the model refuses not counted; there is an end to these, too."""
        asked = [own for batch in self.batches for own in batch]
        return max(0, trials - sum(not own.refused for own in asked)) if len(asked) < _MOST_A_TRIAL * trials else 0

    def append(self, batch: Sequence[Candidate]) -> None:
        """Note a batch that was asked."""
        self._content.append([{"values": own.point.levers, **({"refused": own.refused} if own.refused else {})} for own in batch])
        # One line a batch, in the order of asking.
        lines = ",\n".join(json.dumps(entries, ensure_ascii=False, default=str) for entries in self._content)
        write_text(self._path, f"[\n{lines}\n]\n")
        self.batches.append(list(batch))

    def _candidate(self, entry: dict[str, Any]) -> Candidate:
        point = Point(entry["values"], {})
        return Candidate(point, f"{self._strategy}@{point.name}", str(entry.get("refused", "")))
