"""`manifest.json`: which software made the results, what became of every run, and how long it all took."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.executor import FailedRun, FinishedRun
from experiments.files import write_text
from experiments.provenance import provenance
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
    """

    command: str
    seed: int
    configuration: str
    runs: dict[RunKey, dict[str, Any]]
    timing: dict[str, float] = field(default_factory=lambda: {"compile": 0.0, "simulate": 0.0, "write": 0.0})
    earlier: list[str] = field(default_factory=list)
    software: dict[str, Any] = field(default_factory=provenance)

    def begin(self, folder: Path, done: Iterable[RunKey]) -> None:
        """Take over what an earlier session wrote about the runs that are `done`."""
        there = read_manifest(folder)
        known = {RunKey(run["strategy"], run["replication"]): run for run in there.get("runs", [])}
        for key in done:
            self.runs[key] = {"status": "done"}
            if known.get(key, {}).get("status") == "done":
                self.runs[key] = {name: known[key][name] for name in known[key] if name not in key._fields}
        for name in self.timing:
            self.timing[name] += there.get("timing", {}).get(name, 0.0)
        if there:
            before = [*there.get("earlier_versions", []), _label(there)]
            self.earlier = [label for label in dict.fromkeys(before) if label != _label(self.software)]

    def note(self, outcome: FinishedRun | FailedRun) -> None:
        """Enter what became of a run."""
        if isinstance(outcome, FailedRun):
            self.runs[outcome.key] = {"status": "failed", "stage": outcome.stage, "error": outcome.error}
        else:
            self.runs[outcome.key] = {
                "status": "done",
                "simulate_seconds": round(outcome.seconds, 4),
                "sessions": outcome.sessions,
            }
            self.timing["simulate"] += outcome.seconds

    def failed(self) -> list[tuple[RunKey, dict[str, Any]]]:
        """List the runs that failed."""
        return [(key, run) for key, run in sorted(self.runs.items()) if run["status"] == "failed"]

    def save(self, folder: Path) -> None:
        """Write the file."""
        states = [run["status"] for run in self.runs.values()]
        content = {
            "fishpond": self.software["version"],
            **{name: value for name, value in self.software.items() if name != "version"},
            **({"earlier_versions": self.earlier} if self.earlier else {}),
            "command": self.command,
            "seed": self.seed,
            "configuration": self.configuration,
            "status": {state: states.count(state) for state in ("done", "failed", "pending")},
            "timing": {name: round(seconds, 3) for name, seconds in self.timing.items()},
            "sessions": sum(run.get("sessions", 0.0) for run in self.runs.values()),
            "runs": [{**key._asdict(), **run} for key, run in self.runs.items()],
        }
        write_text(folder / FILE, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


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
