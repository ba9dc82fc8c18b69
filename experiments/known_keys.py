"""Which keys a configuration may have at a place, read from the JSON schema of its model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel

__all__ = ["KnownKeys", "schema_of"]

Schema = Mapping[str, Any]


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """Return the JSON schema of a model: made once, since that takes longer than to simulate a small run."""
    return model.model_json_schema()


class KnownKeys:
    """Look-up of valid keys.

    Parameters
    ----------
    schema
        JSON schema of a pydantic model, of :func:`schema_of`.
    """

    def __init__(self, schema: Schema) -> None:
        self._root = schema

    def at(self, path: Sequence[str], data: Any) -> list[str]:
        """List the valid keys of the mapping at `path`.

        Parameters
        ----------
        path
            Keys from the top.
        data
            The configuration; it says which kind of a discriminated union is meant.

        Returns
        -------
        list of str
            Empty when names are free there, or when the place is not known.
        """
        return sorted(self.group(path, data).get("properties", {}))

    def group(self, path: Sequence[str], data: Any) -> Schema:
        """Return the part of the schema that describes the mapping at `path`, references followed and the kind chosen."""
        node = self._root
        for key in path:
            node = self._child(node, key, data)
            data = _entry(data, key)
        return self._resolved(node, data)

    def field(self, path: Sequence[str], data: Any) -> Schema:
        """Return what the model notes about a single value: its unit and bounds; empty when the place is not known."""
        node = self._root
        for key in path:
            node = self._child(node, key, data)
            data = _entry(data, key)
        return node

    def holds(self, path: Sequence[str], data: Any) -> bool:
        """Say whether the model has a field at `path`."""
        return path[-1] in self.at(path[:-1], data)

    def _child(self, node: Schema, key: str, data: Any) -> Schema:
        """Step down to a key; `data` is the configuration at `node`."""
        resolved = self._resolved(node, data)
        child = resolved.get("properties", {}).get(key, resolved.get("additionalProperties"))
        return child if isinstance(child, Mapping) else {}

    def _resolved(self, node: Schema, data: Any) -> Schema:
        """Follow references, and choose the branch of a union that `data` belongs to."""
        while True:
            if "$ref" in node:
                node = self._root["$defs"][node["$ref"].rsplit("/", 1)[-1]]
                continue
            branches: Sequence[Schema] = node.get("oneOf") or node.get("anyOf") or node.get("allOf") or ()
            if not branches or "properties" in node:
                return node
            node = self._branch(node, branches, data)

    def _branch(self, node: Schema, branches: Sequence[Schema], data: Any) -> Schema:
        discriminator = node.get("discriminator", {})
        if isinstance(data, Mapping) and discriminator:
            reference = discriminator.get("mapping", {}).get(str(data.get(discriminator.get("propertyName"))))
            if reference is not None:
                return {"$ref": reference}
            return {}
        resolved = [self._resolved(branch, data) for branch in branches]
        mappings = [branch for branch in resolved if "properties" in branch or "additionalProperties" in branch]
        return mappings[0] if mappings else resolved[0]


def _entry(data: Any, key: str) -> Any:
    return data.get(key) if isinstance(data, Mapping) else None
