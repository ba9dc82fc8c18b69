"""What all pages share: how they are rendered, figures within them, and where the runs come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from experiments.files import write_text
from experiments.loaded import Loaded
from experiments.numbers import count
from experiments.provenance import provenance

__all__ = ["facts", "failures", "inline", "records", "session_facts", "unbroken", "write_page"]


def write_page(folder: Path, template: str, context: Mapping[str, Any], name: str = "report.html") -> Path:
    """Write a page from a template.

    Parameters
    ----------
    folder
        Folder of the experiment.
    template
        Name of the template, which extends ``page.html.j2``.
    context
        What it is filled with.
    name
        Name of the file.

    Returns
    -------
    Path
        The page.
    """
    environment = Environment(
        loader=PackageLoader("experiments"),
        autoescape=select_autoescape(["html", "j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    target = folder / name
    write_text(target, environment.get_template(template).render(context))
    return target


def unbroken(text: str) -> str:
    """Keep a number and its per cent sign on one line."""
    return text.replace(" %", "\u00a0%")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def facts(loaded: Loaded, replications: str | None = None) -> list[tuple[str, str]]:
    """Say where the runs come from.

    Parameters
    ----------
    loaded
        The experiment.
    replications
        How often what was run; None counts the runs of each arm.
    """
    manifest = loaded.manifest
    if replications is None:
        runs = loaded.runs.groupby("strategy").size()
        replications = ", ".join(f"{name} {runs[name]}" for name in loaded.strategies)
    commit = manifest.get("commit")
    earlier = manifest.get("earlier_versions", [])
    first = str(loaded.config["strategies"][0])
    found = [
        ("fishpond", f"{manifest.get('fishpond', 'unknown')}{f', commit {commit}' if commit else ''}"),
        *([("some runs made by", ", ".join(earlier))] if earlier else []),
        ("configuration (SHA-256)", str(manifest.get("configuration", "unknown"))),
        ("seed", str(loaded.config["seed"])),
        ("replications", replications),
        ("horizon", f"{count(loaded.horizon_days)} days"),
        ("brand", str(loaded.scenario(first).get("brand", {}).get("name", "unknown"))),
        ("Python and packages", _software(manifest)),
    ]
    if loaded.config.get("equal_spend"):
        found.insert(5, ("equal spend", f"every strategy has the total budget of {first}"))
    return found


def session_facts() -> list[tuple[str, str]]:
    """Say what software this session has, for pages of what is not kept in a folder of runs."""
    now = provenance()
    commit = now["commit"]
    return [("fishpond", f"{now['version']}{f', commit {commit}' if commit else ''}"), ("Python and packages", _software(now))]


def _software(manifest: Mapping[str, Any]) -> str:
    packages = manifest.get("packages", {})
    return ", ".join([f"Python {manifest.get('python', 'unknown')}", *(f"{name} {number}" for name, number in packages.items())])


def failures(loaded: Loaded) -> list[str]:
    """List the runs that failed, each with what went wrong."""
    return [
        f"{run['strategy']}, replication {run['replication']}: {run['error']}"
        for run in loaded.manifest.get("runs", [])
        if run["status"] == "failed"
    ]


def inline(folder: Path, name: str, prefix: str = "") -> Markup:
    """Take a figure into the page: without its XML head, and with names of its own, since a page's names are one space.

    The names begin with those of its file, or with `prefix`.
    """
    text = (folder / "figures" / f"{name}.svg").read_text(encoding="utf-8")
    svg = text[text.index("<svg") :]
    prefix = prefix or name
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    return Markup(svg)
