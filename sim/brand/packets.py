"""The brand's red packets: dropped in groups, and what nobody claimed of them taken back after a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sim.brand.actions import Due
from sim.brand.publishing import Publishing
from sim.brand.selling import BOARD
from sim.touch import MessageSpec

PACKET_HOURS = 24.0


class Packets(Publishing):
    """Verbs for red packets."""

    #: Numbers of all packets that were dropped.
    packets: list[int]

    def drop_packets(self, due: Due, *, amount_yuan: float, shares: int, column: str, delivery: str, **values: Any) -> None:
        """Drop a red packet in every group, as far as budget and caps go; what is left comes back after a day."""
        dropped: list[int] = []
        spec = self.message(due, kind="red_packet", column=column, commercial=0.0, **values)

        def paid() -> Iterator[tuple[int, MessageSpec]]:
            for group, told in self._reached(due, spec, delivery, self.reach(due)):
                if self.spend("red_packet_cost", amount_yuan, due.item, "red_packet", group):
                    key = self.key(due, f"packet {group}")
                    packet = self.community.drop_packet(group, key, round(amount_yuan * 100), shares, PACKET_HOURS)
                    dropped.append(packet)
                    yield group, replace(told, packet=packet)

        self.publish(due, paid(), column)
        if dropped:
            self.packets += dropped
            self.agenda.start(TakingBack(self, due.item, dropped, self.hour + PACKET_HOURS))

    def refund(self, item: str, packets: list[int]) -> None:
        """Take back what nobody claimed of expired packets. Everybody is caught up first: earlier requests may not spend it yet."""
        self.community.catch_up(self.hour)
        for packet in packets:
            fen = self.community.refund_packet(packet)
            if fen:
                self.purse.spend(-fen, item, self.hour - self.begins_h)
                self._book(self.hour, "red_packet_cost", int(self.community.world.packets[packet]["group"]), -fen)


@dataclass(eq=False)
class TakingBack:
    """An errand: take back what nobody claimed of packets when they expire."""

    operator: Packets
    item: str
    packets: list[int]
    expires_h: float

    def live(self) -> Iterator[Any]:
        """Wait for the hour, and refund."""
        yield from self.operator.at(self.expires_h, self.item, BOARD)
        self.operator.refund(self.item, self.packets)
