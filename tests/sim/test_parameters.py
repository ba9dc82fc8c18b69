"""Every parameter says what it is and where it comes from, keeps within its bounds, and is read by something."""

from __future__ import annotations

import shutil
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sim.brand.actions import KINDS
from sim.parameters import Parameters, Status, parameter
from sim.scenario import Scenario
from tests.sim.parameter_reads import Code

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = (int, float)
#: Read by a check alone: its whole effect is to refuse a plan.
LIMITS = {("Strategy", "discount_ceiling")}
#: Labels for the reader of a configuration, which have no effect.
LABELS = {(model, "description") for model in ("Brand", "Strategy", "Campaign", "Journey")} | {("Strategy", "notes")}
LABELS |= {("Reported", name) for name in ("measure", "within_days", "low", "high", "says")}


def models(kind: Any, seen: dict[type[BaseModel], None]) -> dict[type[BaseModel], None]:
    """Return every model that a type can hold, each once."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind not in seen:
            seen[kind] = None
            for field in kind.model_fields.values():
                models(field.annotation, seen)
    else:
        for part in get_args(kind):
            models(part, seen)
    return seen


def kinds_of(kind: Any) -> Iterator[Any]:
    """Yield the plain types of the values that a field takes: of the alternatives of a union, of the entries of a mapping or a list."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from kinds_of(get_args(kind)[0])
    elif origin in (typing.Union, types.UnionType):
        for part in get_args(kind):
            yield from kinds_of(part)
    elif origin is dict:
        yield from kinds_of(get_args(kind)[1])
    elif origin in (tuple, list):
        yield from kinds_of(get_args(kind)[0])
    else:
        yield kind


def limits(field: FieldInfo) -> set[str]:
    """Return which bounds a field sets for its numbers, itself or in the type of its entries."""
    metadata: list[Any] = list(field.metadata)
    entry = field.annotation
    while get_origin(entry) in (dict, tuple):
        entry = get_args(entry)[1 if get_origin(entry) is dict else 0]
    if get_origin(entry) is Annotated:
        for part in get_args(entry)[1:]:
            metadata += part.metadata if isinstance(part, FieldInfo) else [part]
    return {type(limit).__name__ for limit in metadata}


def faults(model: type[BaseModel], name: str) -> list[str]:
    """Return what a field fails to say."""
    field = model.model_fields[name]
    kinds = set(kinds_of(field.annotation))
    if any(isinstance(kind, type) and issubclass(kind, BaseModel) for kind in kinds):
        return []  # a group of fields
    is_tag = get_origin(field.annotation) is typing.Literal and len(get_args(field.annotation)) == 1
    found = [] if field.description or is_tag else ["meaning"]
    if not kinds & {*NUMBERS, bool}:
        return found  # a name, a text, a choice, a schedule: its meaning says all
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    found += [key for key in ("unit", "source") if not extra.get(key)]
    if extra.get("status") not in get_args(Status) or (
        extra.get("status") == "published" and extra.get("source") == "assumption of this project"
    ):
        found.append("status")
    if kinds & set(NUMBERS):
        found += ["low"] * (not limits(field) & {"Ge", "Gt"}) + ["high"] * (not limits(field) & {"Le", "Lt"})
    return found


ALL_MODELS = list(models(Scenario, {}) | dict.fromkeys(KINDS.values()))
FIELDS = [(model, name) for model in ALL_MODELS for name in model.model_fields]


def test_the_walk_finds_the_models() -> None:
    names = {model.__name__ for model in ALL_MODELS}
    assert {"Scenario", "ChatParameters", "NeedParameters", "Product", "ChannelTraits", "Budget", "FlashSale"} <= names
    assert len(FIELDS) > 250


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda value: value if isinstance(value, str) else value.__name__)
def test_every_field_says_what_it_is(model: type[BaseModel], name: str) -> None:
    assert faults(model, name) == []


@pytest.mark.parametrize(
    ("annotation", "field", "missing"),
    [
        (float, parameter(1.0, unit="yuan", meaning="money", low=0, high=9), []),
        (float, parameter(1.0, unit="yuan", meaning="money", low=0), ["high"]),
        (float, parameter(1.0, unit="yuan", meaning="money", high=1), ["low"]),
        (float | None, parameter(1.0, unit="", meaning="", low=0, high=1), ["meaning", "unit"]),
        (int, parameter(1, unit="yuan", meaning="money", low=0, high=1, source=""), ["source"]),
        (int, parameter(1, unit="yuan", meaning="money", low=0, high=1, status="published"), ["status"]),
        (float, 1.0, ["meaning", "unit", "source", "status", "low", "high"]),
        (bool, False, ["meaning", "unit", "source", "status"]),
        (dict[str, float], parameter({}, unit="yuan", meaning="money"), ["low", "high"]),
        (tuple[float, ...], parameter((), unit="yuan", meaning="money"), ["low", "high"]),
        (str, "x", ["meaning"]),
    ],
)
def test_a_field_that_does_not_say_it_is_found(annotation: Any, field: Any, missing: list[str]) -> None:
    model = type("Planted", (Parameters,), {"__annotations__": {"planted": annotation}, "planted": field})
    assert faults(model, "planted") == missing


@pytest.mark.parametrize(
    ("model", "name"),
    [(model, name) for model, name in FIELDS if limits(model.model_fields[name])],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_bounds_are_kept(model: type[BaseModel], name: str) -> None:
    field = model.model_fields[name]
    alone: TypeAdapter[Any] = TypeAdapter(Annotated[field.annotation, field])  # type: ignore[name-defined]
    wrap = {dict: lambda number: {"x": number}, tuple: lambda number: [number] * 24}.get(
        get_origin(field.annotation), lambda number: number
    )
    if set(kinds_of(field.annotation)) & set(NUMBERS):
        for beyond in (-1e12, 1e12):
            with pytest.raises(ValidationError):
                alone.validate_python(wrap(beyond))


# ---- and is read --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def code() -> Code:
    return Code(ROOT / "sim")


def test_reading_follows_every_model(code: Code) -> None:
    seen = {model for model, _ in code.leaves()}
    groups = {model.__name__ for model in ALL_MODELS} - seen
    assert groups == {"Behaviour"}, "models of which the search finds no field"
    for model in ALL_MODELS:
        leaves = {name for owner, name in code.leaves() if owner == model.__name__}
        assert leaves <= set(model.model_fields)


def test_every_parameter_is_read(code: Code) -> None:
    tags = {(model.__name__, "kind") for model in KINDS.values()}  # the registry of actions reads it
    unread = set(code.unread())
    assert sorted(unread - tags - LIMITS - LABELS) == []
    assert sorted((LIMITS | LABELS) - unread) == [], "these are read: they need no exception"


def copy_of_sim(folder: Path) -> Path:
    return Path(shutil.copytree(ROOT / "sim", folder / "sim", ignore=shutil.ignore_patterns("__pycache__")))


def fields_of(code: Code, model: str) -> set[str]:
    return {name for owner in code.lineage(model) for name in code.classes[owner].fields}


@pytest.mark.parametrize("planted", ["share", "rate", "load", "strength", "quality", "planted"])
def test_an_unread_field_is_found_whatever_its_name(tmp_path: Path, code: Code, planted: str) -> None:
    """Plant a field in every model at once; where a model has one of that name already, nothing is planted."""
    folder = copy_of_sim(tmp_path)
    used_as_they_are = {model for model, _ in code.leaves()}
    expected = {(model, planted) for model in used_as_they_are if planted not in fields_of(code, model)}
    for path in folder.rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        heads = [line for line in lines if (line.removeprefix("class ").partition("(")[0], planted) in expected]
        path.write_text("\n".join(f"{line}\n    {planted}: float = 1.0" if line in heads else line for line in lines), encoding="utf-8")
    assert len(expected) > 20
    assert set(Code(folder).unread()) - set(code.unread()) == expected


@pytest.mark.parametrize(
    ("file", "read", "instead", "field"),
    [
        ("behaviour/fatigue.py", "p.fatigue.strength *", "1.0 *", ("FatigueParameters", "strength")),
        ("behaviour/buying.py", "p.buying.units_shape", "6.0", ("BuyingParameters", "units_shape")),
        ("behaviour/buying.py", "product.use_days", "18.0", ("Product", "use_days")),
        ("population.py", "traits.tolerance", "1.0", ("ChannelTraits", "tolerance")),
        ("grouping.py", 'chat["cohesion_sigma"]', "0.5", ("ChatParameters", "cohesion_sigma")),
        ("encode.py", "market.weekend_factor", "1.1", ("MarketParameters", "weekend_factor")),
        ("brand/acquisition.py", "settings.join_share", "0.5", ("Channel", "join_share")),
        ("brand/operator.py", "self.scenario.strategy.staff.people", "1.0", ("Staff", "people")),
        ("brand/budget.py", "in budget.items.items()", "in ()", ("Budget", "items")),
        ("brand/actions/sales_post.py", "discount=self.discount", "discount=0.0", ("SalesPost", "discount")),
        ("brand/actions/red_packet.py", "column=self.column", 'column="care"', ("RedPacket", "column")),
        ("tables.py", "self.scenario.report.discount_rate", "0.1", ("Reporting", "discount_rate")),
    ],
)
def test_a_field_that_is_no_longer_read_is_found(
    tmp_path: Path, code: Code, file: str, read: str, instead: str, field: tuple[str, str]
) -> None:
    path = copy_of_sim(tmp_path) / file
    text = path.read_text(encoding="utf-8")
    assert read in text
    path.write_text(text.replace(read, instead), encoding="utf-8")
    assert set(Code(tmp_path / "sim").unread()) - set(code.unread()) == {field}
