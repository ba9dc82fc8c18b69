"""exp, written into the code that calls it: a session takes some ten of them, and calling a library costs as much as the sum itself.

It is the one of the GNU C library (and of ARM's optimized routines): exp(x) = 2^(k/128) e^r, |r| <= ln(2) / 256, from a table of 128 powers
and a polynomial, with every product and sum fused as there. So results are the same to the last bit where that library is on a processor
with fused operations, and everywhere else the same as there.

Source: Szabolcs Nagy, "New exp, exp2, log, log2, pow" (ARM optimized routines, 2018).
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from functools import cache
from struct import pack, unpack
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload

POWERS, POWERS_BITS = 128, 7
#: Up to here nothing can become too large or too small for a number of full precision.
WITHOUT_CARE = 500.0
PER_LOG_2 = float.fromhex("0x1.71547652b82fep+0") * POWERS
LOG_2_HIGH, LOG_2_LOW = float.fromhex("-0x1.62e42fefa0000p-8"), float.fromhex("-0x1.cf79abc9e3b3ap-47")
C2, C3, C4, C5 = (
    float.fromhex(each) for each in ("0x1.ffffffffffdbdp-2", "0x1.555555555543cp-3", "0x1.55555cf172b91p-5", "0x1.1111167a4d017p-7")
)
ROUNDING = float.fromhex("0x1.8p52")


@cache
def table() -> list[int]:
    """Return for each power 2^(k/128) the bits of its rounding error, relative, and its own bits less those of k/128 in the exponent."""
    found = []
    with localcontext() as context:
        context.prec = 40
        for k in range(POWERS):
            power = Decimal(2) ** (Decimal(k) / POWERS)
            rounded = float(power)
            error, bits = unpack("<QQ", pack("<dd", float(power / Decimal(rounded) - 1), rounded))
            found += [error, bits - (k << (52 - POWERS_BITS))]
    return found


@intrinsic
def exp_of(typing_context, x):  # noqa: ARG001
    """Return exp(x) for x between -WITHOUT_CARE and WITHOUT_CARE."""

    def generate(context, builder, signature, arguments):  # noqa: ARG001
        real, whole = ir.DoubleType(), ir.IntType(64)
        (value,) = arguments
        numbers = ir.Constant(ir.ArrayType(whole, 2 * POWERS), table())
        place = cgutils.global_constant(builder, "powers_of_two", numbers)

        def entry(index: Any) -> Any:
            return builder.load(builder.gep(place, [whole(0), index], inbounds=True))

        shifted = builder.fma(value, real(PER_LOG_2), real(ROUNDING))
        bits = builder.bitcast(shifted, whole)
        k = builder.fsub(shifted, real(ROUNDING))
        r = builder.fma(k, real(LOG_2_LOW), builder.fma(k, real(LOG_2_HIGH), value))
        first = builder.shl(builder.and_(bits, whole(POWERS - 1)), whole(1))
        error = builder.bitcast(entry(first), real)
        power = builder.add(entry(builder.or_(first, whole(1))), builder.shl(bits, whole(52 - POWERS_BITS)))
        scale = builder.bitcast(power, real)
        squared = builder.fmul(r, r)
        low = builder.fma(builder.fma(r, real(C3), real(C2)), squared, builder.fadd(r, error))
        rest = builder.fma(builder.fmul(squared, squared), builder.fma(r, real(C5), real(C4)), low)
        return builder.fma(scale, rest, scale)

    return types.float64(types.float64), generate


def exp(x: float) -> float:
    """Return exp(x)."""
    return math.exp(x)


@overload(exp)
def compiled_exp(x):  # noqa: ARG001
    """Return how it is compiled: without a call, but for numbers so large that care must be taken."""
    return lambda x: exp_of(x) if abs(x) < WITHOUT_CARE else math.exp(x)
