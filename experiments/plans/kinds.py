"""Which parameters an item of each kind takes, from the JSON schema of the scenario's model."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.known_keys import KnownKeys, Schema

__all__ = ["Kinds"]

_PROGRAMME = ("strategy", "programme")
_ANY = "item"
#: What a table says in other columns.
_SAID_APART = ("kind", "when")


class Kinds:
    """Kinds of action and their parameters.

    Parameters
    ----------
    schema
        JSON schema of the scenario's model.
    """

    def __init__(self, schema: Schema) -> None:
        self._known = KnownKeys(schema)
        items = self._known.group(_PROGRAMME, {}).get("additionalProperties", {})
        #: Kinds of action.
        self.names: tuple[str, ...] = tuple(items.get("discriminator", {}).get("mapping", {}))
        self._fields = {kind: {path: self._schema(kind, path) for path in self._paths(kind, ())} for kind in self.names}
        #: Parameters of all kinds; one of a group within an item is written with a dot, such as ``to.tags``.
        self.parameters: tuple[str, ...] = tuple(dict.fromkeys(path for fields in self._fields.values() for path in fields))

    def of(self, kind: str) -> dict[str, Schema]:
        """Return what the model notes about each parameter of a kind; empty for a kind that does not exist."""
        return self._fields.get(kind, {})

    def _paths(self, kind: str, inside: tuple[str, ...]) -> Iterator[str]:
        data = self._data(kind)
        for name in self._known.at((*_PROGRAMME, _ANY, *inside), data):
            path = (*inside, name)
            if self._known.group((*_PROGRAMME, _ANY, *path), data).get("properties"):
                yield from self._paths(kind, path)
            elif inside or name not in _SAID_APART:
                yield ".".join(path)

    def _schema(self, kind: str, path: str) -> Schema:
        return self._known.field((*_PROGRAMME, _ANY, *path.split(".")), self._data(kind))

    @staticmethod
    def _data(kind: str) -> dict[str, object]:
        return {"strategy": {"programme": {_ANY: {"kind": kind}}}}
