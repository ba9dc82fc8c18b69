"""A sweep that is killed again and again, and continued each time, against one that nobody disturbs.

    python -m benchmarks.kill          # 20 times; some minutes

Both must end with the same tables, byte for byte. Killed is the driver alone or together with its workers, by SIGKILL, at moments that
are random but the same each time (the seed is printed).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from experiments.tables import row_keys

__all__ = ["COMMAND", "Kills", "faults", "kill_and_continue"]

#: What is killed; `out` is added.
COMMAND = (
    "sweep",
    "strategies=[kill_pig,fish_raising]",
    "behaviour.buying.advance_days=3,5,7,14",
    "replications=50",
    "population.size=500",
    "horizon_days=90",
    "report.page=false",
)
_FISHPOND = (sys.executable, "-m", "experiments.command")
_KILLS, _SEED = 20, 5
_LONGEST_SECONDS = 15.0
_GONE_SECONDS = 60.0


@dataclass(frozen=True)
class Kills:
    """What was done to an experiment.

    Attributes
    ----------
    done
        Runs that were on disk after each kill.
    code
        Exit code of the session that nobody disturbed, the last.
    """

    done: list[int]
    code: int


def kill_and_continue(
    command: Sequence[str], folder: Path, *, kills: int, longest_seconds: float, seed: int, environment: Mapping[str, str]
) -> Kills:
    """Start a command again and again, kill it some time later, and let it finish in the end.

    Parameters
    ----------
    command
        Words, with the interpreter; it writes to `folder`.
    folder
        Of the experiment.
    kills, longest_seconds
        How often, and how long after the start at most: mostly of the work, sometimes of the process.
    seed
        Of the moments.
    environment
        Variables of its processes.

    Raises
    ------
    AssertionError
        When a kill left a manifest that cannot be read or has lost a run, or workers that go on for ever.
    """
    draws = random.Random(seed)
    manifest = folder / "manifest.json"
    done: list[int] = []
    runs: set[int] = set()
    while len(done) < kills:
        with subprocess.Popen(
            command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as driver:
            if draws.random() < 0.8:  # the others are killed while they start, perhaps
                _wait_for_the_start(driver, manifest)
            time.sleep(draws.uniform(0.0, longest_seconds))
            if driver.poll() is not None:
                break  # it was done before its time had come
            if draws.random() < 0.5:
                os.killpg(driver.pid, signal.SIGKILL)
            else:
                driver.kill()
            driver.wait()
            _wait_for_workers(driver.pid)
        if manifest.exists():
            found = json.loads(manifest.read_text(encoding="utf-8"))
            runs.add(len(found["runs"]))
            assert len(runs) == 1, f"runs in the manifest, kill after kill: {runs}"
            assert sum(found["status"].values()) == len(found["runs"])
        done.append(len({key for part in folder.glob("**/runs.parquet") if part.parent.suffix != ".tmp" for key in row_keys(part)}))
    last = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return Kills(done, last.returncode)


def faults(disturbed: Path, undisturbed: Path) -> list[str]:
    """Say where the tables of two experiments differ, and which runs are lost or twice; empty when all is well."""
    found = []
    names = sorted(path.name for path in undisturbed.glob("*.parquet"))
    if names != sorted(path.name for path in disturbed.glob("*.parquet")):
        found.append(f"other tables than {', '.join(names)}")
    found += [f"{name} differs" for name in names if not _same(disturbed / name, undisturbed / name)]
    keys = pq.read_table(disturbed / "runs.parquet", columns=["strategy", "replication"]).to_pylist()
    distinct = {(key["strategy"], key["replication"]) for key in keys}
    if len(distinct) != len(keys):
        found.append(f"{len(keys) - len(distinct)} runs are there twice")
    status = json.loads((disturbed / "manifest.json").read_text(encoding="utf-8"))["status"]
    if status["done"] != len(keys):
        found.append(f"the manifest has {status['done']} runs done, the table {len(keys)}")
    return found


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and one.read_bytes() == other.read_bytes()


def _wait_for_the_start(driver: subprocess.Popen[bytes], manifest: Path) -> None:
    before = manifest.stat().st_mtime_ns if manifest.exists() else 0
    while driver.poll() is None and not (manifest.exists() and manifest.stat().st_mtime_ns > before):
        time.sleep(0.02)


def _wait_for_workers(group: int) -> None:
    """Wait until no process of a group is left: orphaned workers notice, after their run, that nobody listens."""
    until = time.monotonic() + _GONE_SECONDS
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError(f"processes of the killed driver are still there after {_GONE_SECONDS:.0f} s")


def main(kills: int = _KILLS) -> int:
    """Kill and compare; return 1 when anything differs."""
    from sim.compiled import warm_up

    warm_up()
    with tempfile.TemporaryDirectory() as place:
        disturbed, undisturbed = Path(place, "disturbed"), Path(place, "undisturbed")
        begun = time.perf_counter()
        subprocess.run([*_FISHPOND, *COMMAND, "progress=off", f"out={undisturbed}"], stdout=subprocess.DEVNULL, check=True)
        alone = time.perf_counter() - begun
        begun = time.perf_counter()
        found = kill_and_continue(
            [*_FISHPOND, *COMMAND, f"out={disturbed}"],
            disturbed,
            kills=kills,
            longest_seconds=_LONGEST_SECONDS,
            seed=_SEED,
            environment=os.environ,
        )
        killed = time.perf_counter() - begun
        wrong = faults(disturbed, undisturbed)
    print(f"undisturbed: {alone:.0f} s; killed {len(found.done)} times (seed {_SEED}) and continued: {killed:.0f} s")
    print(f"runs on disk after each kill: {', '.join(map(str, found.done))}")
    print("the same tables, byte for byte" if not wrong else "\n".join(wrong))
    return int(bool(wrong) or found.code != 0 or len(found.done) < kills)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
