"""`manifest.json`: which software made the results, what became of every run, and how long it all took."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.files import write_text
from experiments.provenance import provenance
from experiments.runs import FailedRun, FinishedRun
from experiments.tables import RunKey

__all__ = ["FILE", "Manifest", "read_manifest"]

FILE = "manifest.json"


@dataclass
class Manifest:
    """What the file says.

    Attributes
    ----------
    command, seed, configuration
        What was asked for; `configuration` is the hash of what was tried.
    runs
        Status and cost of every run.
    timing
        Seconds, over all sessions of work: compile, simulate (sum over runs), write.
    earlier
        Versions that made some of the runs before the present one.
    sources
        Hash of the code that makes the runs of this session; see :mod:`experiments.reuse`.
    tables
        Hash of the checksums of the joined tables, while they hold all that is done: it ties this file to them.
    """

    command: str
    seed: int
    configuration: str
    runs: dict[RunKey, dict[str, Any]]
    timing: dict[str, float] = field(default_factory=lambda: {"compile": 0.0, "simulate": 0.0, "write": 0.0})
    earlier: list[str] = field(default_factory=list)
    sources: str = ""
    tables: str = ""
    software: dict[str, Any] = field(default_factory=provenance)

    def begin(self, folder: Path, done: Iterable[RunKey], records: Mapping[RunKey, dict[str, Any]]) -> None:
        """Take over what an earlier session wrote about the runs that are `done`: in the file, and in `records` since."""
        there = read_manifest(folder)
        known = {RunKey(run["strategy"], run["replication"]): run for run in there.get("runs", [])}
        for key in done:
            found = records.get(key) or known.get(key, {})
            right = found.get("status") == "done"
            self.runs[key] = {name: found[name] for name in found if name not in key._fields} if right else {"status": "done"}
        for name in self.timing:
            self.timing[name] += there.get("timing", {}).get(name, 0.0)
        if there:
            before = [*there.get("earlier_versions", []), _label(there)]
            self.earlier = [label for label in dict.fromkeys(before) if label != _label(self.software)]

    def note(self, outcome: FinishedRun | FailedRun, **more: str) -> None:
        """Enter what became of a run, and what `more` there is to say of one that is done."""
        if isinstance(outcome, FailedRun):
            self.runs[outcome.key] = {"status": "failed", "stage": outcome.stage, "error": outcome.error}
        else:
            told = {**more, "reused_from": outcome.reused_from}
            self.runs[outcome.key] = {
                "status": "done",
                "simulate_seconds": round(outcome.seconds, 4),
                "sessions": outcome.sessions,
                **{name: value for name, value in told.items() if value},
            }
            self.timing["simulate"] += 0.0 if outcome.reused_from else outcome.seconds

    def records(self, keys: Iterable[RunKey]) -> list[dict[str, Any]]:
        """Say of some runs what the file says of them."""
        return [{**key._asdict(), **self.runs[key]} for key in keys]

    def start(self, key: RunKey) -> None:
        """Enter that a run is under way."""
        self.runs[key] = {"status": "running"}

    def stop(self) -> bool:
        """Enter that nothing is under way any more, what was is still to do; and say whether anything was."""
        stopped = [key for key, run in self.runs.items() if run["status"] == "running"]
        self.runs |= {key: {"status": "pending"} for key in stopped}
        return bool(stopped)

    def failed(self) -> list[tuple[RunKey, dict[str, Any]]]:
        """List the runs that failed."""
        return [(key, run) for key, run in sorted(self.runs.items()) if run["status"] == "failed"]

    def save(self, folder: Path) -> None:
        """Write the file."""
        states = Counter(run["status"] for run in self.runs.values())
        content = {
            "fishpond": self.software["version"],
            **{name: value for name, value in self.software.items() if name != "version"},
            **({"earlier_versions": self.earlier} if self.earlier else {}),
            "command": self.command,
            "seed": self.seed,
            "configuration": self.configuration,
            **{name: value for name, value in (("sources", self.sources), ("tables", self.tables)) if value},
            "status": {state: states[state] for state in ("done", "failed", "pending", "running") if states[state] or state != "running"},
            "timing": {name: round(seconds, 3) for name, seconds in self.timing.items()},
            "sessions": sum(run.get("sessions", 0.0) for run in self.runs.values()),
        }
        # A run a line: to be read by eye, and several times quicker to write than with indents.
        lines = ",\n  ".join(json.dumps(run, ensure_ascii=False) for run in self.records(self.runs))
        head = json.dumps(content, indent=1, ensure_ascii=False).removesuffix("\n}")
        write_text(folder / FILE, f'{head},\n "runs": [\n  {lines}\n ]\n}}\n')


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the file; empty when it is not there or cannot be read, since everything in it can be missed."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _label(software: dict[str, Any]) -> str:
    commit = software.get("commit")
    return f"{software.get('fishpond', software.get('version'))}{f' ({commit})' if commit else ''}"
