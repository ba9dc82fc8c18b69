"""Measure the figures of the pages on presets and playbooks anew, and write them there.

    python -m benchmarks.pages                             # all, about half an hour on two cores
    python -m benchmarks.pages group_size playbook_gaozi   # some; the other rows stay

Each preset is run as a reader would, `fishpond compare experiment=NAME`, without page and figures. Rows of a page that begin with a name
that was measured are replaced; sentences around the tables are written by people, who read what has changed.
"""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from experiments.conclusions import told
from experiments.loaded import Loaded
from experiments.reported.section import reported_blocks
from sim.compiled import warm_up

_ROOT = Path(__file__).parents[1]
_PAGES = {True: _ROOT / "docs" / "reference" / "playbooks.md", False: _ROOT / "docs" / "reference" / "presets.md"}
_PLAYBOOK = "playbook_"


def measured(name: str, folder: Path) -> list[str]:
    """Run a preset and return its rows of the page."""
    started = time.perf_counter()
    words = ["compare", f"experiment={name}", "report.page=false", "progress=off", "reuse=[]", f"out={folder}"]
    subprocess.run([sys.executable, "-m", "experiments.command", *words], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    if not name.startswith(_PLAYBOOK):
        return [f"| `{name}` | {told(folder)[0]} | {seconds:.0f} |"]
    own = name.removeprefix(_PLAYBOOK)
    rows = [row for block in reported_blocks(Loaded(folder)) if block["name"] == own for row in block["rows"]]
    return [
        f"| `{own}` | {row['says']} | {row['measure']} | {row['reported']} | {row['simulated']} ({row['span']}) | {row['verdict']} |"
        for row in rows
    ]


def replaced(page: str, name: str, rows: list[str]) -> str:
    """Return a page with the rows of the last table that has such rows replaced."""
    own = f"| `{name.removeprefix(_PLAYBOOK)}` |"
    lines = page.splitlines()
    columns = rows[0].count(" | ")
    places = [place for place, line in enumerate(lines) if line.startswith(own) and line.count(" | ") == columns]
    if not places:
        raise SystemExit(f"{name}: no row of the page begins with {own}")
    first, last = places[0], places[-1]
    if places != list(range(first, last + 1)):
        raise SystemExit(f"{name}: its rows do not stand together")
    return "\n".join([*lines[:first], *rows, *lines[last + 1 :]]) + "\n"


def dated(page: str) -> str:
    """Return a page with today's date where it says when its figures were made."""
    return re.sub(r"(Made on )\d{4}-\d\d-\d\d", rf"\g<1>{datetime.date.today().isoformat()}", page)


def main() -> int:
    presets = sorted(path.stem for path in (_ROOT / "configs" / "experiment").glob("*.yaml"))
    names = sys.argv[1:] or presets
    unknown = [name for name in names if name not in presets]
    if unknown:
        print(f"no such preset: {', '.join(unknown)}", file=sys.stderr)
        return 2
    print(f"kernel ready after {warm_up():.1f} s", flush=True)
    with tempfile.TemporaryDirectory() as place:
        for name in names:
            rows = measured(name, Path(place, name))
            path = _PAGES[name.startswith(_PLAYBOOK)]
            path.write_text(dated(replaced(path.read_text(encoding="utf-8"), name, rows)), encoding="utf-8")
            print(*rows, sep="\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
