"""The world lent to compiled code: one pointer to where the arrays are, and no counting of references.

Handed on as a tuple, the state of the world is some 80 words that every call copies, and every call counts a reference up and down for
each of its arrays: measured, half of the kernel's time. A lent tuple is one word; what is read from it is an array without an owner. The
caller keeps the tuple and its arrays alive for the duration of the call, so the kernel may borrow them.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model

CACHE_LINE = 64
TO_WRITE, KEEP, DATA = 1, 3, 1


class Lent(types.Type):
    """Type of a lent named tuple of arrays."""

    def __init__(self, lender: Any) -> None:
        self.lender = lender
        super().__init__(name=f"Lent{lender.instance_class.__name__}")

    @property
    def key(self) -> Any:
        """What makes two of these types the same: what was lent."""
        return self.lender


@register_model(Lent)
class LentModel(models.PrimitiveModel):  # type: ignore[misc]
    """A pointer to the tuple."""

    def __init__(self, manager: Any, kind: Lent) -> None:
        super().__init__(manager, kind, manager.lookup(kind.lender).get_value_type().as_pointer())


@infer_getattr
class LentArrays(AttributeTemplate):  # type: ignore[misc]
    """Fields of a lent tuple have the types that they have in the tuple."""

    key = Lent

    def generic_resolve(self, kind: Lent, name: str) -> Any:
        """Return the type of a field."""
        return kind.lender[kind.lender.fields.index(name)] if name in kind.lender.fields else None


@lower_getattr_generic(Lent)
def lower_lent_array(context, builder, kind, pointer, name):
    """Load an array of a lent tuple, and drop its owner: there is nothing to count then."""
    place = kind.lender.fields.index(name)
    loaded = builder.load(cgutils.gep_inbounds(builder, pointer, 0, place))
    array = context.make_array(kind.lender[place])(context, builder, loaded)
    array.meminfo = cgutils.get_null_value(array.meminfo.type)
    array.parent = cgutils.get_null_value(array.parent.type)
    return array._getvalue()


@intrinsic
def prefetch(typing_context, record):  # noqa: ARG001
    """Ask for a record to be fetched into the cache while other work is done. Changes no result."""

    def generate(context, builder, signature, arguments):
        word = ir.IntType(32)
        start = builder.bitcast(arguments[0], cgutils.voidptr_t)
        kind = ir.FunctionType(ir.VoidType(), [start.type, word, word, word])
        ask = builder.module.declare_intrinsic("llvm.prefetch", [start.type], kind)
        for line in range(0, signature.args[0].size, CACHE_LINE):
            builder.call(ask, [cgutils.pointer_add(builder, start, line), word(TO_WRITE), word(KEEP), word(DATA)])
        return context.get_dummy_value()

    return types.none(record), generate


@intrinsic
def lend(typing_context, arrays):  # noqa: ARG001
    """Return a named tuple of arrays as one pointer, valid until the function that lends returns."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001
        return cgutils.alloca_once_value(builder, arguments[0])

    return Lent(arrays)(arrays), generate
