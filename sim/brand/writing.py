"""What the brand writes to people one by one: letters to an audience, and the welcome of whoever comes into a group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from sim.brand import splits
from sim.brand.actions import Due
from sim.brand.audience import UNTAGGED, Audience
from sim.brand.guides import NOBODY
from sim.brand.publishing import NOTHING, Publishing
from sim.brand.restraint import OWN_CAP
from sim.codes import CHANNELS, MOMENTS, TO_MEMBERS
from sim.encode import Narrowing, audience_record, entry_bits, tag_bits
from sim.ledger import PostNote
from sim.touch import Lead, MessageSpec


class Writing(Publishing):
    """Verbs for personal messages."""

    #: The welcomes that hold, by item, the latest last.
    welcomes: list[tuple[str, MessageSpec]]

    def set_welcome(self, due: Due, *, column: str, **values: Any) -> None:
        """Make a personal message the welcome of every group, those that open later included."""
        spec = self._letter(due, kind="welcome", column=column, channel=TO_MEMBERS, **values)
        aim = self._aim(due.item)
        self.welcomes = [(item, other) for item, other in self.welcomes if aim and self._aim(item) != aim] + [(due.item, spec)]
        self._greet_in(self.reach(due))

    def _greet_in(self, groups: Iterable[int]) -> None:
        """Set the current welcome in groups, as their guides put it: the latest that is for groups of their type."""
        guides = self._guides()
        for group in groups:
            own = [(item, spec) for item, spec in self.welcomes if self._is_for(item, group)]
            for item, spec in own[-1:]:
                self.community.set_welcome(group, self._told_by(guides[group], spec), self.items.index(item))
                self.ledger.posts.append(PostNote(self.hour, item, "welcome", ""))

    @contextmanager
    def _new_groups(self) -> Iterator[None]:
        """Greet in the groups that are opened meanwhile."""
        before = self.community.total.groups
        yield
        self._greet_in([group for group in self.community.community_groups() if group >= before])

    def admit(self, leads: list[Lead]) -> None:
        """Admit leads, and greet in the groups that were opened for them."""
        with self._new_groups():
            self.community.admit(leads)

    def call_in_lobby(self) -> None:
        """Admit those who waited for a place."""
        with self._new_groups():
            self.community.call_in_lobby()

    def _letter(self, due: Due, *, coupon_yuan: float, floor_yuan: float, valid_hours: float, **values: Any) -> MessageSpec:
        """Return a personal message, with a coupon (of 0 yuan: none)."""
        return self.message(
            due, **values, coupon_fen=round(coupon_yuan * 100), coupon_floor_fen=round(floor_yuan * 100), coupon_hours=valid_hours
        )

    def send(
        self,
        due: Due,
        *,
        kind: str,
        channel: str,
        to: Audience,
        column: str,
        by_tag: Mapping[str, str],
        delivery: str,
        cost_yuan: float = 0.0,
        cost_line: str = "staff_cost",
        product: str | None = None,
        product_by_tag: Mapping[str, str] = NOTHING,
        offers: Mapping[str, int] = NOTHING,
        offer: int = -1,
        **values: Any,
    ) -> None:
        """Send a personal message to everybody of an audience whom the channel reaches and the platform allows.

        Parameters
        ----------
        due : Due
            The occasion.
        kind, channel : str
            Of the message.
        to : Audience
            Whom it is for.
        column : str
            Category of content.
        by_tag, product_by_tag : mapping
            Another category, and another product, for people who are tagged with a topic.
        delivery : str
            Whether staff type it, or it is sent by the mass function.
        cost_yuan, cost_line : float, str
            What it costs a person; without money for all of a group nobody there gets it.
        product : str or None
            Product that it is about.
        offers, offer : mapping, int
            The offer of each product; that of any other.
        **values
            Further fields of the message.
        """
        versions = {}
        for topic in dict.fromkeys(["", *by_tag, *product_by_tag]):
            goods = product_by_tag.get(topic, product)
            about = {"column": by_tag.get(topic, column), "product": goods, "offer": offers.get(goods or "", offer)}
            versions[topic] = {**values, **about}
        with self.community.choosing(due.people or ()):
            self._send(due, kind, CHANNELS.index(channel), to, versions, delivery == "mass", cost_yuan, cost_line)

    def _send(
        self,
        due: Due,
        kind: str,
        way: int,
        to: Audience,
        versions: Mapping[str, Any],
        mass: bool,
        cost_yuan: float,
        cost_line: str,
    ) -> None:
        """Send a personal message, group by group, the version for a topic after another; that of no topic is for the rest."""
        community, brand = self.community, self.scenario.brand
        groups = self._places_of(due, way, to)
        wanted = tag_bits(brand, to.tags or [*brand.topics, UNTAGGED])
        others = wanted & ~tag_bits(brand, filter(None, versions))
        guides = self._guides()
        goes_out: dict[int, bool] = {}
        written: set[int] = set()
        for topic, told in versions.items():
            tags = wanted & tag_bits(brand, [topic]) if topic else others
            if not tags:
                continue
            spec = self._letter(due, part=topic, kind=kind, channel=way, **told)
            audience = self.audience(to, way, tags, split=self.scenario.strategy.items[due.item].split, due=due, mass=mass)
            for group in groups:
                guide = guides.get(group, NOBODY)
                reached, kept_back, spared = community.count(group, audience)
                if (reached or kept_back or spared) and group not in goes_out:
                    goes_out[group] = self._goes_out(due, guide, group, spec) and self._may_write(due, guide, group)
                if not goes_out.get(group):
                    continue
                booked = -1 if guide == NOBODY else group
                if kept_back:
                    self._keep_back(due, booked)
                if spared:
                    self._keep_back(due, booked, OWN_CAP)
                cost = reached * cost_yuan
                if cost:
                    community.catch_up(self.hour)
                paid = self.pay(cost_line, cost, due.item, kind, booked, self.hour)
                if not paid and booked >= 0:
                    self._break_promise(due.item, booked)
                if reached and paid:
                    community.send(group, self._told_by(guide, spec), self.items.index(due.item), audience)
                    self._note_done(due, booked, spec, told["column"])
                    written.add(group)
        # Each person gets one version: to the platform it is one message.
        for group in sorted(written):
            self.accounts.write(self._account(guides.get(group, NOBODY)), group, self.hour)

    def _places_of(self, due: Due, way: int, to: Audience) -> list[int]:
        """Return the groups, and parts of the street, in which a personal message may reach somebody."""
        community, segments = self.community, self.scenario.strategy.segments
        everywhere = way != TO_MEMBERS and not self._aim(due.item)
        groups = list(range(community.total.groups)) if everywhere else self.aimed(due.item)
        wanted = [to.groups]
        if to.segment:
            segment: Audience = segments[to.segment]
            wanted.append(segment.groups)
        for types in filter(None, wanted):
            groups = [group for group in groups if group in self.community_groups and community.type_of(group) in types]
        return groups if due.people is None else sorted(set(groups) & set(community.groups_of(due.people)))

    @property
    def community_groups(self) -> frozenset[int]:
        """Groups that members talk in."""
        return frozenset(self.community.community_groups())

    def _may_write(self, due: Due, guide: int, group: int) -> bool:
        """Return whether no condition of the strategy's own stops an item for people of a group; a refusal is recorded."""
        if guide == NOBODY or not self.restraint.stops:
            return True
        self.community.catch_up(self.hour)
        reason = self.restraint.stopped(self.community, due.item, group)
        if reason:
            self._keep_back(due, group, reason)
        return not reason

    def audience(
        self, to: Audience, way: int = TO_MEMBERS, tags: int = 0, *, split: str = "", due: Due | None = None, mass: bool = False
    ) -> Any:
        """Return whom something personal is for, as records, all of which must take somebody: their own, and their segment's."""
        strategy = self.scenario.strategy
        brand = self.scenario.brand
        name, arm = splits.parted(split)
        own = Narrowing(
            day_of_year=self.scenario.day_of_year(self.hour),
            mass_cap=strategy.caps.mass_per_person_day if mass else None,
            letter_cap=None if due is None or way == MOMENTS else strategy.rules.letters_per_person_week,
            chosen=due is not None and due.people is not None,
        )
        if name and strategy.splits[name].unit == "person":
            treated = strategy.splits[name].treated
            own = replace(own, split=splits.key_of(name), split_share=treated, split_treated=arm == splits.TREATED)
        tags = tags or tag_bits(brand, to.tags)
        records = [audience_record(to, way, tags, entry_bits(brand, to.channels), own)]
        if to.segment:
            segment = strategy.segments[to.segment]
            bits = tag_bits(brand, segment.tags), entry_bits(brand, segment.channels)
            records.append(audience_record(segment, way, *bits, Narrowing(day_of_year=own.day_of_year)))
        return np.concatenate(records)
