"""The file of a strategy, written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from experiments.composition import USER_FOLDER
from experiments.errors import UserError
from experiments.files import told_plainly
from experiments.plans.plan import Plan
from experiments.plans.request import Request

__all__ = ["as_text", "free_path", "write_new"]

_WIDTH = 140
#: Texts that every reader of YAML takes for texts; the others are quoted, `1e3` too, which Hydra's reader takes for a number.
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_HEAD = """\
# Imported from {file}. A table of items does not say where people come from, who works and what it may cost:
# take away the # and put your own numbers.
# leads: {{parcel_card: 3.0}}        # contacts a day through each channel of the brand; without leads nobody new comes
# staff: {{people: 1.5}}
# budget: {{total_yuan: 50000}}
# discount_ceiling: 0.3
# All keys: fishpond parameters {chosen} under=strategy
"""


class _Item(dict[str, Any]):
    """An item of the programme: on a line of its own, as in the strategies that come with fishpond."""


class _Dumper(yaml.SafeDumper):
    """Writes as the files that come with fishpond are written."""


def _represent_item(dumper: yaml.SafeDumper, item: _Item) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", item, flow_style=True)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if _WORD.fullmatch(text) else '"')


_Dumper.add_representer(_Item, _represent_item)
_Dumper.add_representer(str, _represent_text)


def free_path(request: Request, configs: Path) -> Path:
    """Return where the strategy is written to, relative to the current folder.

    Raises
    ------
    UserError
        When there is such a strategy already.
    """
    path = Path(USER_FOLDER) / "strategy" / f"{request.name}.yaml"
    if (configs / "strategy" / path.name).exists():
        raise UserError(f"name: got '{request.name}', a strategy of fishpond's own; it takes another name")
    if path.exists() or path.is_symlink():
        raise _taken(request, path)
    return path


def as_text(plan: Plan, request: Request, file: str) -> str:
    """Write the strategy as the text of its file.

    Parameters
    ----------
    plan
        Without findings.
    request
        Name of the strategy, and of the one that it starts from.
    file
        Name of the table, for the head.
    """
    count = len(plan.items)
    content: dict[str, Any] = {"defaults": [request.like, "_self_"]} if request.like else {}
    content |= {"name": request.name, "description": f"{count} item{'s' * (count != 1)} imported from a table"}
    content["programme"] = {item.name: _Item(item.values) for item in plan.items}
    body = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=_WIDTH)
    return _HEAD.format(file=file, chosen=request.chosen) + body


def write_new(path: Path, text: str, request: Request) -> None:
    """Write a file that is not there yet.

    Raises
    ------
    UserError
        When it is there, or the folder cannot be written to.
    """
    with told_plainly("name", path.parent, UserError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = path.open("x", encoding="utf-8", newline="\n")  # fails if another process has written it meanwhile
        except FileExistsError:
            raise _taken(request, path) from None
        try:
            with file:
                file.write(text)
        except OSError:
            path.unlink(missing_ok=True)  # half a strategy would stand in the way of the whole one
            raise


def _taken(request: Request, path: Path) -> UserError:
    return UserError(f"name: got '{request.name}', and {path.as_posix()} is there already; it takes another name (no file is overwritten)")
