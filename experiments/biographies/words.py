"""A biography in words: who it is, what they did, how it ended."""

from __future__ import annotations

import math

from experiments.biographies.life import Life
from experiments.numbers import count, yuan

__all__ = ["ending", "in_numbers", "on_day", "reason", "who"]

#: Causes of leaving, as one would say them.
_REASONS = {
    "base": "reasons of their own",
    "pressure": "too many irritating messages",
    "irrelevance": "messages of no interest",
    "distrust": "trust lost",
    "regret": "saw it cheaper after buying",
    "silence": "a silent group",
    "contagion": "others had left",
    "hunting": "nothing left to collect",
}


def on_day(day: float) -> str:
    """Name a day as the axis counts it: the first is day 0."""
    return f"day {math.floor(day)}"


def reason(cause: str) -> str:
    """Say a cause of leaving in words."""
    return _REASONS[cause]


def who(life: Life) -> str:
    """Say whose biography it is and how they came."""
    channel = str(life.person.get("channel", ""))
    came = {"founding": "there from day 0", "referral": f"invited, came on {on_day(life.days[0])}"}
    return f"Member {life.key}, {came.get(channel, f'came through {channel} on {on_day(life.days[0])}')}"


def in_numbers(life: Life) -> str:
    """Count what the member did."""
    orders = int(life.total("orders"))
    kinds = [f"{len(days)}\u00a0{words}" for days, words in _orders(life) if len(days)]
    bought = f"{_many(orders, 'order')} for {yuan(life.total('gmv_yuan'))}\u00a0yuan ({', '.join(kinds)})" if orders else "no\u00a0order"
    claims = int(life.total("claims"))
    taken = life.total("claimed_yuan") + life.total("received_yuan")
    claimed = f"{_many(claims, 'red packet')} of {yuan(taken)}\u00a0yuan in all" if claims else "no\u00a0red\u00a0packet"
    parts = [
        _many(life.total("sessions"), "session"),
        f"{_many(life.total('messages_read'), 'message')} read and {count(life.total('written'))} written",
        claimed,
        f"{_many(life.total('invitations'), 'invitation')}",
        bought,
    ]
    return f"{life.strategy}, {count(life.horizon_days)} days: {', '.join(parts)}."


def _orders(life: Life) -> list[tuple[list[float], str]]:
    words = {"need": "from need", "offer": "at an offer", "limited": "of limited stock", "service": "in a conversation"}
    return [(list(life.bought(kind)[0]), words[kind]) for kind in words]


def ending(life: Life) -> str:
    """Say how the member stands at the end, and what an exit came from."""
    if life.joined_day is None:
        return "Never a member of a group."
    muted = "" if life.muted_day is None else f"Muted the group on {on_day(life.muted_day)}. "
    if life.left_day is None:
        return f"{muted}Still a member at the end."
    shares = [f"{cause} {100 * share:.0f}\u00a0%" for cause, share in life.exit_shares().items() if share >= 0.005]
    return f"{muted}Left on {on_day(life.left_day)}, counted as {life.cause} ({reason(life.cause)}); it took {', '.join(shares)}."


def _many(number: float, word: str) -> str:
    # A number and what it counts stay on one line.
    return f"{count(number)}\u00a0{word}{'' if number == 1 else 's'}"
