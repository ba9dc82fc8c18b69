"""What the brand puts up for sale: offers and their terms, what it owes for orders on them, and memberships."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from sim.brand.actions import Due
from sim.brand.promises import LINES, Promise
from sim.brand.writing import Writing
from sim.codes import ORDER_KINDS, TO_MEMBERS
from sim.ledger import Deed
from sim.touch import OfferSpec, Terms

#: Offers are taken off the board before the actions of a minute.
BOARD = -2
PLAIN = Terms()


class Selling(Writing):
    """Verbs for offers."""

    promises: list[Promise]
    #: Offers of steps of a journey, which stand for a day.
    _standing_offers: dict[tuple[str, str, int], int]

    def open_offer(
        self,
        due: Due,
        *,
        product: str,
        discount: float,
        hours: float,
        stock: int | None = None,
        part: str = "",
        form: str = "",
        **further: Any,
    ) -> int:
        """Put an offer on the board for so many hours from now; everybody is caught up first.

        ``further`` are fields of :class:`sim.touch.Terms` or :class:`sim.touch.OfferSpec`; what a ``form`` reserves waits for another verb.
        """
        self.community.catch_up(self.hour)
        place = self.scenario.brand.product_index(product)
        key = self.key(due, part) if part else self.key(due)
        own = {name: further.pop(name) for name in Terms.names() if name in further}
        terms = Terms(form=ORDER_KINDS.index(form) if form else 0, **own) if form or own else PLAIN
        return self._put_up(due, part, OfferSpec(key, place, 1.0 - discount, self.hour, self.hour + hours, stock, terms=terms, **further))

    def _put_up(self, due: Due, part: str, spec: OfferSpec) -> int:
        """Put an offer on the board. A step of a journey puts up one a day, which stands a day longer: people come to it hour by hour."""
        if due.people is None or spec.terms.pull > 0.0:
            return self.community.open_offer(spec)
        name = (due.item, part, int(self.hour // 24))
        if name not in self._standing_offers:
            self._standing_offers[name] = self.community.open_offer(replace(spec, closes_h=spec.closes_h + 24.0))
        return self._standing_offers[name]

    def coupon_offer(self, due: Due, *, product: str, amount_yuan: float, floor_yuan: float, valid_hours: float) -> int:
        """Put money off on the board: what it is worth is seen on a unit of a product, or on the smallest order that it can be used on."""
        brand = self.scenario.brand
        place = brand.product_index(product)
        share = max(0.05, 1.0 - amount_yuan / max(floor_yuan, list(brand.products.values())[place].list_yuan))
        return self._put_up(due, "", OfferSpec(self.key(due), place, share, self.hour, self.hour + valid_hours, coupon=True))

    def room(self, due: Due) -> np.uint64:
        """Return the key of the room of a live session."""
        return self.key(due, "room")

    def open_membership(self, due: Due, **terms: Any) -> int:
        """Put a membership on the board, judged by goods at the brand's usual price."""
        products = self.scenario.brand.products.values()
        usual = sum(product.list_yuan * product.share for product in products) / max(1e-9, sum(product.share for product in products))
        return self.open_offer(due, form="membership", list_fen=round(usual * 100), **terms)

    @property
    def word_of_a_friend(self) -> float:
        """How credible what a friend passes on is."""
        return self.scenario.behaviour.ties.friend_credibility

    def settled_by(self, hour: float) -> float:
        """Return the first tick at which everything that members asked for before an hour is settled."""
        tick = self.scenario.clock.tick_minutes
        return -(-round(hour * 60) // tick) * tick / 60

    def clear(self, offer: int, closes_h: float) -> Iterator[Any]:
        """Take a limited offer off the board when it closes (its stock is allotted tick by tick while it is open)."""
        yield from self.at(closes_h, f"board {offer:09d}", BOARD)
        self.community.close_offer(offer)

    def promise(self, due: Due, kind: Literal["gift", "cashback", "commission"], offer: int, pays_h: float, **owed: Any) -> None:
        """Owe something for every order on an offer just opened, to be paid at an hour; ``owed`` are fields of :class:`Promise`."""
        promise = Promise(self, due.item, kind, offer, len(self.community.orders), pays_h, **owed)
        self.promises.append(promise)
        self.agenda.start(promise)

    def keep(self, promise: Promise) -> None:
        """Pay what a promise owes, order by order, as far as the budget goes; everybody is caught up first."""
        self.community.catch_up(self.hour)
        promise.kept = True
        for order in self.community.orders_on(promise.offer, promise.since):
            fen = promise.owed_fen(order)
            person, group = int(order["person"]), int(order["group"]) if order["in_group"] else -1
            if promise.kind == "commission":
                person, group = self._sharer(int(order["post"]))
                if person < 0:
                    continue
            if not fen:
                continue
            if promise.coupon_hours:
                self.community.give_coupon(person, fen, promise.coupon_hours, int(order["post"]))
            elif self.pay(LINES[promise.kind], fen / 100, promise.item, promise.kind, group, self.hour):
                self.ledger.deeds.append(Deed(self.hour, promise.item, promise.kind, group, "done", "", fen / 100))
            else:
                self.community.disappoint(person)

    def _sharer(self, post: int) -> tuple[int, int]:
        """Return who passed a message on, and their group; -1 if nobody did."""
        person = int(self.community.world.posts[post]["sharer"]) if post >= 0 else -1
        group = int(self.community.world.posts[post]["group"]) if person >= 0 else -1
        return person, group

    def pass_on(self, due: Due, offer: int, *, column: str, join_share: float, **values: Any) -> None:
        """Let the offer reach the people to whom members have passed it on since the last look; those outside come in."""
        for sharer in self.community.taken_up(offer):
            record = self.community.world.people[sharer]
            group, key = int(record["group"]), f"{int(record['key']):016x}"
            values |= {"channel": TO_MEMBERS, "offer": offer, "sharer": sharer}
            spec = self.message(due, kind="sales", column=column, part=f"share {key}", **values)
            post = self.community.new_post(group, spec, self.items.index(due.item))
            self._note(due, spec, column)
            leads = self.community.pass_on(post, sharer, join_share)
            self.admit(leads)
            self.community.show_newcomers(post, len(leads))

    def withdraw(self, offer: int) -> None:
        """Forget who has taken up an offer that is over, and too late."""
        self.community.taken_up(offer)

    def dissolve(self, offer: int) -> None:
        """Close a group buy: incomplete teams get nothing."""
        self.community.dissolve(offer)

    def enrol(self, due: Due, offer: int, *, hours: float, gift_yuan: float) -> None:
        """Enrol those who have taken a membership since the last look, with a gift as far as the budget goes."""
        for person in self.community.taken_up(offer):
            self.community.enrol(person, offer, self.hour + hours)
            if not self.pay("gift_cost", gift_yuan, due.item, "gift", -1, self.hour):
                self.community.disappoint(person)

    def deliver(self, offer: int, *, deposit_share: float, keeps_deposit: bool) -> None:
        """Deliver now what was reserved on a presale, to whom still wants it."""
        self.community.fulfil(offer, deposit_share, keeps_deposit)
