"""Arrays lent to compiled code without counting references.

Passing the state of the world down the kernel counts a reference up and down for every array at every call, with atomic instructions:
measured, a third of the kernel's time. The caller keeps the arrays alive for the duration of the call, so the kernel may borrow them.
"""

from __future__ import annotations

from numba.core import cgutils
from numba.extending import intrinsic

from sim.compiled import compiled
from sim.world import Log, World


@intrinsic
def borrowed(typing_context, array):  # noqa: ARG001
    """Return the same array without an owner. Only valid while the original is alive."""

    def generate(context, builder, signature, arguments):
        kind = signature.args[0]
        proxy = context.make_array(kind)(context, builder, arguments[0])
        proxy.meminfo = cgutils.get_null_value(proxy.meminfo.type)
        proxy.parent = cgutils.get_null_value(proxy.parent.type)
        return proxy._getvalue()

    return array(array), generate


@compiled
def lend_world(world):
    """Return the world with all arrays borrowed."""
    return World(
        borrowed(world.people),
        borrowed(world.groups),
        borrowed(world.queue_time),
        borrowed(world.queue_person),
        borrowed(world.feed),
        borrowed(world.posts),
        borrowed(world.offers),
        borrowed(world.packets),
        borrowed(world.products),
        borrowed(world.profile),
        borrowed(world.parameters),
    )


@compiled
def lend_log(log):
    """Return the log with all arrays borrowed."""
    return Log(borrowed(log.orders), borrowed(log.requests), borrowed(log.traces), borrowed(log.states), borrowed(log.counts))
