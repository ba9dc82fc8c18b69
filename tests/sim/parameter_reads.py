"""Which fields of the parameter models the code reads, found in its syntax alone: nothing is imported or run.

A read counts for the model that owns the field, not for the name, since names such as ``share`` belong to several models:

- Annotated code: types are followed from annotations through attributes, mappings, loops and calls.
- Compiled code has no annotations. There ``<anything>.fatigue.strength`` (and ``<anything>["fatigue"]["strength"]``) reads
  ``strength`` of the model that a scenario has under ``fatigue``; ``world.products[k]``, and arguments called ``product`` and
  ``traits``, are the records made of the models ``Product`` and ``ChannelTraits``.

What does not count: passing a whole group on, copying a field under its own name into a record (whoever reads the record must be found),
and checks: validators, and the methods of an action that only they call.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT_MODEL = "Parameters"
#: Aliases of types that annotations use.
ALIASES = {"AnyAction": "Action", "AnyGate": "Gate"}
#: What compiled code calls the records that are made of a model.
ARGUMENTS = {"product": "Product", "traits": "ChannelTraits"}
RECORDS = {"products": ("list", "Product")}
CHECKS = {"products", "columns", "channels", "types", "deepest_discount"}
VALIDATORS = {"model_validator", "field_validator"}
MAPPINGS = {"dict", "Mapping"}
SEQUENCES = {"list", "tuple", "Iterator", "Iterable", "Sequence", "set", "frozenset"}

#: The name of a class; ("map", type of values); ("list", type of elements); ("tuple", types); None when it is not known.
Type = Any
Field = tuple[str, str]


@dataclass
class Class:
    """What the syntax of a class says."""

    name: str
    bases: list[str]
    node: ast.ClassDef
    fields: dict[str, ast.expr] = field(default_factory=dict)
    returns: dict[str, ast.expr] = field(default_factory=dict)
    #: Types of attributes that the constructor sets.
    attributes: dict[str, Type] = field(default_factory=dict)


class Code:
    """The classes and functions of a folder of modules."""

    def __init__(self, folder: Path) -> None:
        self.modules = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
        self.classes = {
            node.name: _class_of(node) for tree in self.modules.values() for node in tree.body if isinstance(node, ast.ClassDef)
        }
        self.functions = {
            node.name: node.returns
            for tree in self.modules.values()
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.returns is not None
        }
        self.groups: dict[str, Type] = dict(RECORDS)
        for owner in ("Scenario", "Behaviour", "Brand"):
            fields = self.classes[owner].fields if owner in self.classes else {}
            self.groups |= {name: kind for name, node in fields.items() if self.is_model(kind := self.annotated(node))}
        for found in self.classes.values():
            found.attributes = self._attributes(found)

    def lineage(self, name: str) -> Iterator[str]:
        """Yield a class and its bases, as far as they are in the folder."""
        if name in self.classes:
            yield name
            for base in self.classes[name].bases:
                yield from self.lineage(base)

    def is_model(self, kind: Type) -> bool:
        """Return whether a type is a model of parameters."""
        return isinstance(kind, str) and kind != ROOT_MODEL and ROOT_MODEL in self.lineage(kind)

    def leaves(self) -> Iterator[Field]:
        """Yield (model, field) of every field of every model that is used as it is, inherited ones too; groups of fields are not."""
        bases = {base for found in self.classes.values() for base in found.bases}
        for name in self.classes:
            if self.is_model(name) and name not in bases:
                names = [entry for owner in self.lineage(name) for entry in self.classes[owner].fields]
                for entry in dict.fromkeys(names):
                    if not self._is_group(self.member(name, entry)):
                        yield name, entry

    def _is_group(self, kind: Type) -> bool:
        return self.is_model(kind) or (isinstance(kind, tuple) and self.is_model(kind[1]))

    def unread(self) -> list[Field]:
        """Return the leaf fields that nothing reads."""
        reads = self.reads()
        return [(model, name) for model, name in self.leaves() if not any((owner, name) in reads for owner in self.lineage(model))]

    def reads(self) -> set[Field]:
        """Return (class, field) of everything that is read."""
        found: set[Field] = set()
        for tree in self.modules.values():
            imported = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
            reader = _Reader(self, imported)
            reader.visit(tree)
            found |= reader.reads
        return found

    # ---- types ------------------------------------------------------------------------------------------------------

    def annotated(self, node: ast.expr | None) -> Type:
        """Return the type that an annotation means."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.annotated(ast.parse(node.value, mode="eval").body)
        if isinstance(node, ast.BinOp):
            return self.annotated(node.left) or self.annotated(node.right)
        if isinstance(node, ast.Attribute):
            return node.attr if node.attr in self.classes else None
        if isinstance(node, ast.Name):
            name = ALIASES.get(node.id, node.id)
            return name if name in self.classes else None
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if node.value.id == "Annotated":
                return self.annotated(parts[0])
            if node.value.id in MAPPINGS:
                return ("map", self.annotated(parts[1]))
            if node.value.id == "tuple" and not (isinstance(parts[-1], ast.Constant) and parts[-1].value is Ellipsis):
                return ("tuple", [self.annotated(part) for part in parts])
            if node.value.id in SEQUENCES:
                return ("list", self.annotated(parts[0]))
        return None

    def member(self, owner: str, name: str) -> Type:
        """Return the type of an attribute of a class."""
        for base in self.lineage(owner):
            found = self.classes[base]
            if name in found.fields:
                return self.annotated(found.fields[name])
            if name in found.attributes:
                return found.attributes[name]
            if name in found.returns:
                return self.annotated(found.returns[name])
        return None

    def _attributes(self, found: Class) -> dict[str, Type]:
        attributes: dict[str, Type] = {}
        for node in found.node.body:
            if isinstance(node, ast.FunctionDef) and node.name in ("__init__", "__post_init__"):
                arguments = {argument.arg: self.annotated(argument.annotation) for argument in _arguments(node)}
                for step in ast.walk(node):
                    if isinstance(step, ast.AnnAssign) and _is_own(step.target):
                        attributes[step.target.attr] = self.annotated(step.annotation)  # type: ignore[union-attr]
                    elif isinstance(step, ast.Assign) and _is_own(step.targets[0]) and isinstance(step.value, ast.Name):
                        attributes[step.targets[0].attr] = arguments.get(step.value.id)  # type: ignore[attr-defined]
        return attributes


class _Reader(ast.NodeVisitor):
    """Follows one module, with the types of its names, and notes what is read."""

    def __init__(self, code: Code, imported: set[str]) -> None:
        self.code = code
        self.imported = imported
        self.reads: set[Field] = set()
        self.names: dict[str, Type] = {}
        self.owner: str | None = None

    # ---- what has a scope -------------------------------------------------------------------------------------------

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        outer, self.owner = self.owner, node.name
        for entry in node.body:
            if isinstance(entry, ast.FunctionDef):
                self.visit(entry)  # not the declarations of fields
        self.owner = outer

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        in_model = self.owner is not None and self.code.is_model(self.owner)
        if in_model and (node.name in CHECKS or any(_name_of(decorator) in VALIDATORS for decorator in node.decorator_list)):
            return
        outer, self.names = self.names, dict(self.names)
        for argument in _arguments(node):
            kind = self.code.annotated(argument.annotation)
            if argument.annotation is None:
                kind = ARGUMENTS.get(argument.arg, self.code.groups.get(argument.arg))
            self.names[argument.arg] = self.owner if argument.arg == "self" else kind
        for step in node.body:
            self.visit(step)
        self.names = outer

    # ---- what binds names -------------------------------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> None:
        copied, target = _key_of(node.value), node.targets[0]
        if copied is not None and isinstance(target, ast.Subscript) and copied[1] == (_key_of(target) or (None, None))[1]:
            self.visit(copied[0])  # into a record, under the same name: what it is taken from is read, the field is not
        else:
            self.visit(node.value)
        for target in node.targets:
            self.visit(target)
            self._bind(target, self._type(node.value))

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self._bind(node.target, self._element(self._type(node.iter)))
        for step in (*node.body, *node.orelse):
            self.visit(step)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        for generator in node.generators:
            self.visit(generator.iter)
            self._bind(generator.target, self._element(self._type(generator.iter)))
            for condition in generator.ifs:
                self.visit(condition)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part)

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _comprehension  # noqa: N815

    def _bind(self, target: ast.expr, kind: Type) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = kind
        elif isinstance(target, ast.Tuple):
            parts = kind[1] if isinstance(kind, tuple) and kind[0] == "tuple" else [None] * len(target.elts)
            for part, own in zip(target.elts, parts, strict=False):
                self._bind(part, own)

    # ---- what reads -------------------------------------------------------------------------------------------------

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._note(node)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._note(node)
        self.generic_visit(node)

    def _note(self, node: ast.Attribute | ast.Subscript) -> None:
        parts = _key_of(node)
        if parts and isinstance(node.ctx, ast.Load):
            owner = self._type(parts[0])
            if isinstance(owner, str):
                self.reads.add((owner, parts[1]))

    # ---- types of expressions ---------------------------------------------------------------------------------------

    def _type(self, node: ast.expr) -> Type:
        if isinstance(node, ast.Name):
            return self.names.get(node.id)
        if isinstance(node, ast.IfExp):
            return self._type(node.body) or self._type(node.orelse)
        if isinstance(node, ast.Call):
            return self._result(node)
        parts = _key_of(node)
        if parts is not None:
            inner, name = parts
            owner = self._type(inner)
            if isinstance(owner, str):
                return self.code.member(owner, name)
            is_module = isinstance(inner, ast.Name) and inner.id in self.imported and inner.id not in self.names
            if owner is None and not is_module:
                return self.code.groups.get(name)
        if isinstance(node, ast.Subscript):
            return self._element(self._type(node.value), of_mapping=True)
        return None

    def _result(self, node: ast.Call) -> Type:
        arguments = node.args
        if isinstance(node.func, ast.Name):
            name = node.func.id
            if name in self.code.classes:
                return name
            if name in ("list", "tuple", "sorted", "reversed", "iter") and arguments:
                inner = self._type(arguments[0])
                return inner if isinstance(inner, tuple) and inner[0] == "list" else None
            if name == "enumerate":
                return ("list", ("tuple", [None, self._element(self._type(arguments[0]))]))
            if name == "zip":
                return ("list", ("tuple", [self._element(self._type(argument)) for argument in arguments]))
            return self.code.annotated(self.code.functions.get(name))
        if isinstance(node.func, ast.Attribute):
            owner = self._type(node.func.value)
            if isinstance(owner, tuple) and owner[0] == "map":
                known = {"values": ("list", owner[1]), "items": ("list", ("tuple", [None, owner[1]])), "get": owner[1]}
                return known.get(node.func.attr)
            if isinstance(owner, str):
                return self.code.member(owner, node.func.attr)
        return None

    @staticmethod
    def _element(kind: Type, *, of_mapping: bool = False) -> Type:
        if isinstance(kind, tuple) and (kind[0] == "list" or (of_mapping and kind[0] == "map")):
            return kind[1]
        return None


def _class_of(node: ast.ClassDef) -> Class:
    found = Class(node.name, [name for base in node.bases if (name := _name_of(base))], node)
    for entry in node.body:
        if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name):
            found.fields[entry.target.id] = entry.annotation
        elif isinstance(entry, ast.FunctionDef) and entry.returns is not None:
            found.returns[entry.name] = entry.returns
    return found


def _arguments(node: ast.FunctionDef) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def _name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _name_of(node.func)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_own(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _key_of(node: ast.expr) -> tuple[ast.expr, str] | None:
    """Part ``owner.name`` or ``owner["name"]``."""
    if isinstance(node, ast.Attribute):
        return node.value, node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.value, node.slice.value
    return None
