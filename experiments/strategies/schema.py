"""JSON schemas of the files that users write, for completion in editors, made from the models that check them.

A file of a strategy without a list of defaults is whole: what the model requires must be there. One that starts from another strategy
(``defaults: [fish_raising, _self_]``) or a preset says only what differs: nothing is required there, but a misspelt key is refused all the
same.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from experiments.strategies.job_keys import job_properties
from sim.clock import parse_duration_hours

if TYPE_CHECKING:
    from pydantic_core.core_schema import BeforeValidatorFunctionSchema

    from sim import Scenario

__all__ = ["as_json", "scenario_schema", "strategy_schema"]

#: The draft that VS Code and PyCharm both know.
_DRAFT = "http://json-schema.org/draft-07/schema#"
_DURATION = r"^\s*\d+(\.\d+)?\s*(min|h|d|w|MIN|H|D|W)\s*$"
#: What pydantic and the models note for others than editors.
_NOTES = ("title", "source", "status", "discriminator", "unit")
#: Marks definitions whose models require nothing.
_IN_PART = "InPart"
_REFERENCE = "#/$defs/"

_DEFAULTS: dict[str, Any] = {
    "description": "files of this folder that this one starts from; _self_ stands for this file, and what comes later wins",
    "type": "array",
    "items": {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": ["string", "array", "null"]}}]},
}


class _OfFiles(GenerateJsonSchema):
    """Describes what may be written in a file, where pydantic describes what comes out of it."""

    def function_before_schema(self, schema: BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """Describe a value that a function of the model reads first: the function is asked what it takes."""
        node = super().function_before_schema(schema)
        function: Any = schema["function"]["function"]
        if function is parse_duration_hours:
            return {**node, "type": ["number", "string"], "pattern": _DURATION}
        if isinstance(_answer(function, "name"), Mapping):  # a shorthand: `to: SEGMENT` stands for a whole audience
            return {**node, "type": ["object", "string"]}
        given = _answer(function, {})
        if isinstance(given, Mapping) and given:  # what the model puts in itself: a step of a journey has no time of its own
            return {"allOf": [{**node, "x-in-part": True}, {"properties": dict.fromkeys(given, False)}]}
        return node


def _answer(function: Callable[[Any], Any], value: Any) -> Any:
    try:
        return function(value)
    except (TypeError, ValueError):
        return None


def strategy_schema(model: type[Scenario]) -> dict[str, Any]:
    """Return the JSON schema of a file in ``conf/strategy``.

    Parameters
    ----------
    model
        Type of a scenario.
    """
    strategy: Any = model.model_fields["strategy"].annotation
    raw = strategy.model_json_schema(schema_generator=_OfFiles)
    definitions, top = _definitions(raw)
    top["properties"] = {"defaults": _DEFAULTS, **top["properties"]}
    in_part = _in_part(top)
    definitions |= {"Whole": top, f"Whole{_IN_PART}": in_part}
    return {
        "$schema": _DRAFT,
        "title": "A strategy of fishpond",
        "type": "object",
        "if": {"required": ["defaults"]},
        "then": {"$ref": f"{_REFERENCE}Whole{_IN_PART}"},
        "else": {"$ref": f"{_REFERENCE}Whole"},
        "$defs": _used(definitions, ("Whole", f"Whole{_IN_PART}")),
    }


def scenario_schema(model: type[Scenario]) -> dict[str, Any]:
    """Return the JSON schema of a preset, a file in ``conf/experiment``: keys of the scenario and of the job, none of them required.

    Parameters
    ----------
    model
        Type of a scenario.
    """
    definitions, top = _definitions(model.model_json_schema(schema_generator=_OfFiles))
    top = _in_part(top)
    properties = top["properties"]
    strategy, report = properties["strategy"], properties.get("report", {})
    history = definitions.get(f"History{_IN_PART}")
    if history is not None:  # in files it is named, and composed from its own
        history["properties"]["strategy"] = {"anyOf": [{"type": ["string", "null"]}, history["properties"]["strategy"]]}
    page = {"type": "object", "properties": {"page": {"type": "boolean", "description": "whether figures and report are made"}}}
    if report:
        reporting = definitions[report["$ref"].removeprefix(_REFERENCE)]
        reporting["properties"] |= page["properties"]
    only = {
        "type": "object",
        "additionalProperties": copy.deepcopy(strategy),
        "description": "changes of one strategy of a comparison alone, by its name",
    }
    top["properties"] = {"defaults": _DEFAULTS, **properties, **job_properties(), "only": only}
    return {"$schema": _DRAFT, "title": "A preset of fishpond", **top, "$defs": _used(definitions, _references(top))}


def as_json(schema: Mapping[str, Any]) -> str:
    """Write a schema as the text of its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1)


def _definitions(raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return all definitions, each also as one that requires nothing, and the schema itself."""
    definitions = {name: _cleaned(node) for name, node in raw.pop("$defs", {}).items()}
    return {**definitions, **{f"{name}{_IN_PART}": _in_part(node) for name, node in definitions.items()}}, _cleaned(raw)


def _cleaned(node: Any, *, names: bool = False) -> Any:
    """Drop notes and put units into words; ``names`` says that the keys of the mapping are names of a plan's parameters."""
    if isinstance(node, list):
        return [_cleaned(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {key: _cleaned(entry) for key, entry in node.items()}
    if "discriminator" in node:
        node = _by_kind(node)
    kept = {key: _cleaned(entry, names=key == "properties") for key, entry in node.items() if key not in _NOTES and key != "default"}
    if "default" in node:
        kept["default"] = node["default"]
    if node.get("unit") and "description" in kept:
        kept["description"] = f"{kept['description']} ({node['unit']})"
    for short, long in (("ge", "minimum"), ("le", "maximum"), ("gt", "exclusiveMinimum")):
        if short in kept:
            kept[long] = kept.pop(short)
    if kept.pop("x-in-part", False):
        return _in_part(kept)
    return kept


def _by_kind(node: Mapping[str, Any]) -> dict[str, Any]:
    """Tell the kinds of a union apart by their word, so that an editor names the key that is wrong rather than all kinds."""
    word, references = node["discriminator"]["propertyName"], node["discriminator"]["mapping"]
    kinds = [
        {"if": {"properties": {word: {"const": kind}}, "required": [word]}, "then": {"$ref": reference}}
        for kind, reference in references.items()
    ]
    rest = {key: entry for key, entry in node.items() if key not in ("discriminator", "oneOf")}
    return {**rest, "type": "object", "properties": {word: {"enum": list(references)}}, "required": [word], "allOf": kinds}


def _in_part(node: Any, *, names: bool = False) -> Any:
    """Return a schema in which nothing is required, down to all that it refers to."""
    if isinstance(node, list):
        return [_in_part(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {key: _in_part(entry) for key, entry in node.items()}
    changed: dict[str, Any] = {}
    for key, entry in node.items():
        if key in ("default", "if"):
            changed[key] = entry
        elif key == "required":
            continue
        elif key == "$ref":
            changed[key] = entry if entry.endswith(_IN_PART) else f"{entry}{_IN_PART}"
        else:
            changed[key] = _in_part(entry, names=key == "properties")
    kinds = [entry for entry in changed.get("allOf", ()) if "if" in entry]
    if kinds and "required" in node:  # without its word, an item may be of any kind that has such parameters
        (word,) = node["required"]
        changed["allOf"] = [*kinds, {"if": {"required": [word]}, "else": {"anyOf": [entry["then"] for entry in kinds]}}]
    return changed


def _used(definitions: Mapping[str, Any], names: Any) -> dict[str, Any]:
    """Return the definitions of these names, and those that they refer to."""
    found: dict[str, Any] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = definitions[name]
            waiting += _references(definitions[name])
    return {name: found[name] for name in definitions if name in found}


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for entry in node:
            yield from _references(entry)
    elif isinstance(node, dict):
        for key, entry in node.items():
            if key == "$ref" and isinstance(entry, str):
                yield entry.removeprefix(_REFERENCE)
            else:
                yield from _references(entry)
