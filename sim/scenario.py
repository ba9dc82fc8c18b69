"""A scenario: everything that a simulation depends on but the seed. Frozen, checked, complete."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import Field, model_validator

from sim.behaviour.asking import AskingParameters
from sim.behaviour.attention import AttentionParameters
from sim.behaviour.belonging import BelongingParameters
from sim.behaviour.benefits import BenefitParameters
from sim.behaviour.blocking import BlockingParameters
from sim.behaviour.buying import BuyingParameters
from sim.behaviour.chat import ChatParameters
from sim.behaviour.company import CompanyParameters
from sim.behaviour.contacts import ContactParameters
from sim.behaviour.contagion import ContagionParameters
from sim.behaviour.coupons import CouponParameters
from sim.behaviour.desire import DesireParameters
from sim.behaviour.fatigue import FatigueParameters
from sim.behaviour.freeloading import FreeloadingParameters
from sim.behaviour.giving import GivingParameters
from sim.behaviour.habit import HabitParameters
from sim.behaviour.leaving import LeavingParameters
from sim.behaviour.lifecycle import LifecycleParameters
from sim.behaviour.live import LiveParameters
from sim.behaviour.meeting import MeetingParameters
from sim.behaviour.muting import MutingParameters
from sim.behaviour.poaching import PoachingParameters
from sim.behaviour.prices import PriceParameters
from sim.behaviour.reception import ReceptionParameters
from sim.behaviour.red_packets import RedPacketParameters
from sim.behaviour.referral import ReferralParameters
from sim.behaviour.regret import RegretParameters
from sim.behaviour.sampling import SamplingParameters
from sim.behaviour.sessions import SessionParameters
from sim.behaviour.sharing import SharingParameters
from sim.behaviour.shills import ShillParameters
from sim.behaviour.showing import ShowingParameters
from sim.behaviour.standing import StandingParameters
from sim.behaviour.tags import TagParameters
from sim.behaviour.taking_part import TakingPartParameters
from sim.behaviour.terms import TermsParameters
from sim.behaviour.ties import TieParameters
from sim.behaviour.trust import TrustParameters
from sim.behaviour.wearout import WearoutParameters
from sim.behaviour.winning_back import WinningBackParameters
from sim.brand.actions import Action
from sim.brand.audience import UNTAGGED
from sim.brand.catalogue import Brand
from sim.brand.group_types import FOUNDING, ORDINARY, REFERRAL, WALK_IN
from sim.brand.strategy import Strategy
from sim.clock import festival_days, parse_days, parse_schedule, unknown
from sim.gates import GateParameters
from sim.market import MarketParameters
from sim.parameters import CHOICE, Parameters, parameter
from sim.population import PopulationParameters


class Clock(Parameters):
    """How often the brand looks."""

    tick_minutes: int = parameter(
        15, unit="minutes", meaning="between two looks of the brand at its community", low=1, high=1440, source="ENGINE section 2"
    )
    fast_tick_minutes: int = parameter(
        1, unit="minutes", meaning="the same while a limited offer is open", low=1, high=1440, source="ENGINE section 2"
    )


class Behaviour(Parameters):
    """Parameters of every mechanism, shared by all brands and strategies."""

    sessions: SessionParameters = Field(default_factory=SessionParameters)
    attention: AttentionParameters = Field(default_factory=AttentionParameters)
    contacts: ContactParameters = Field(default_factory=ContactParameters)
    fatigue: FatigueParameters = Field(default_factory=FatigueParameters)
    trust: TrustParameters = Field(default_factory=TrustParameters)
    desire: DesireParameters = Field(default_factory=DesireParameters)
    regret: RegretParameters = Field(default_factory=RegretParameters)
    buying: BuyingParameters = Field(default_factory=BuyingParameters)
    coupons: CouponParameters = Field(default_factory=CouponParameters)
    live: LiveParameters = Field(default_factory=LiveParameters)
    prices: PriceParameters = Field(default_factory=PriceParameters)
    chat: ChatParameters = Field(default_factory=ChatParameters)
    red_packets: RedPacketParameters = Field(default_factory=RedPacketParameters)
    giving: GivingParameters = Field(default_factory=GivingParameters)
    asking: AskingParameters = Field(default_factory=AskingParameters)
    referral: ReferralParameters = Field(default_factory=ReferralParameters)
    showing: ShowingParameters = Field(default_factory=ShowingParameters)
    muting: MutingParameters = Field(default_factory=MutingParameters)
    blocking: BlockingParameters = Field(default_factory=BlockingParameters)
    tags: TagParameters = Field(default_factory=TagParameters)
    wearout: WearoutParameters = Field(default_factory=WearoutParameters)
    ties: TieParameters = Field(default_factory=TieParameters)
    habit: HabitParameters = Field(default_factory=HabitParameters)
    shills: ShillParameters = Field(default_factory=ShillParameters)
    winning_back: WinningBackParameters = Field(default_factory=WinningBackParameters)
    poaching: PoachingParameters = Field(default_factory=PoachingParameters)
    gates: GateParameters = Field(default_factory=GateParameters)
    standing: StandingParameters = Field(default_factory=StandingParameters)
    terms: TermsParameters = Field(default_factory=TermsParameters)
    sharing: SharingParameters = Field(default_factory=SharingParameters)
    taking_part: TakingPartParameters = Field(default_factory=TakingPartParameters)
    meeting: MeetingParameters = Field(default_factory=MeetingParameters)
    sampling: SamplingParameters = Field(default_factory=SamplingParameters)
    belonging: BelongingParameters = Field(default_factory=BelongingParameters)
    reception: ReceptionParameters = Field(default_factory=ReceptionParameters)
    company: CompanyParameters = Field(default_factory=CompanyParameters)
    benefits: BenefitParameters = Field(default_factory=BenefitParameters)
    freeloading: FreeloadingParameters = Field(default_factory=FreeloadingParameters)
    contagion: ContagionParameters = Field(default_factory=ContagionParameters)
    lifecycle: LifecycleParameters = Field(default_factory=LifecycleParameters)
    leaving: LeavingParameters = Field(default_factory=LeavingParameters)


class Reporting(Parameters):
    """How outcomes are valued."""

    discount_rate: float = parameter(
        0.10, unit="1/year", meaning="rate at which later contribution is discounted", low=0, high=10, source="METRICS"
    )


class History(Parameters):
    """What ran before the comparison, on the same people."""

    strategy: Strategy | None = Field(None, description="what the brand did until day 0; none: nothing ran before")
    days: int = parameter(0, unit="days", meaning="how long it did so", low=0, high=3650, source=CHOICE)

    @model_validator(mode="after")
    def _both_or_none(self) -> History:
        if self.days and self.strategy is None:
            raise ValueError(f"strategy: takes the strategy that ran for the {self.days} days before day 0, got none")
        return self


class Scenario(Parameters):
    """Everything that a simulation depends on but the seed.

    Raises
    ------
    pydantic.ValidationError
        With every error of a configuration at once.
    """

    horizon_days: float = parameter(90.0, unit="days", meaning="length of the comparison", low=0.01, high=3650)
    clock: Clock = Field(default_factory=Clock)
    population: PopulationParameters = Field(default_factory=PopulationParameters)
    behaviour: Behaviour = Field(default_factory=Behaviour)
    market: MarketParameters = Field(default_factory=MarketParameters)
    brand: Brand
    strategy: Strategy
    history: History = Field(default_factory=History)
    report: Reporting = Field(default_factory=Reporting)

    @property
    def horizon_hours(self) -> float:
        """Length of the comparison in hours: of the simulation, without its history."""
        return self.horizon_days * 24.0

    @property
    def switch_hours(self) -> float:
        """Hour of the simulation at which the comparison begins, its day 0."""
        return self.history.days * 24.0

    @property
    def end_hours(self) -> float:
        """Hour of the simulation at which it ends."""
        return self.switch_hours + self.horizon_hours

    def before(self) -> Scenario | None:
        """Return the scenario with the strategy of its history in place of its own; None without a history."""
        return self.model_copy(update={"strategy": self.history.strategy}) if self.history.days else None

    def day_of_year(self, hour: float) -> int:
        """Return which day of its calendar year an hour of the simulation falls on, from 1."""
        return (self.market.start_date + timedelta(days=int(hour // 24))).timetuple().tm_yday

    def festivals(self) -> dict[str, tuple[int, ...]]:
        """Return the days of the simulation, from the start of its history, on which each festival of the calendar falls.

        Those of a year after its end are among them: campaigns begin before them.
        """
        return festival_days(self.market.start_date, self.market.festivals, self.history.days + int(self.horizon_days) + 366)

    @model_validator(mode="after")
    def _names_exist(self) -> Scenario:
        wrong = self._unknown_names("strategy", self.strategy)
        if self.history.strategy is not None:
            wrong += self._unknown_names("history.strategy", self.history.strategy)
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def _unknown_names(self, key: str, strategy: Strategy) -> list[str]:
        """Return a line for everything that a strategy names and the brand or the calendar does not have."""
        wrong = []
        for name in strategy.leads:
            if name not in self.brand.channels:
                wrong.append(f"{key}.leads.{name}: {self._not_of_the_brand('channel', name, [*self.brand.channels])}")
        for name, group_type in strategy.groups.items():
            for channel in group_type.channels:
                if channel not in (*self.brand.channels, FOUNDING, WALK_IN):
                    wrong.append(f"{key}.groups.{name}.channels: {unknown('channel', channel, [*self.brand.channels, FOUNDING, WALK_IN])}")
        audiences = {f"{key}.segments.{name}": segment for name, segment in strategy.segments.items()}
        audiences |= {f"{key}.journeys.{name}.to": journey.to for name, journey in strategy.journeys.items()}
        for name, campaign in strategy.campaigns.items():
            festival = parse_days(campaign.when).festival
            if festival and festival not in self.market.festivals:
                wrong.append(f"{key}.campaigns.{name}.when: {unknown('festival', festival, self.market.festivals)}")
        for planned in strategy.planned:
            item, place = planned.action, f"{key}.{planned.path}"
            if (audience := item.audience()) is not None:
                audiences[f"{place}.to"] = audience
            goods: list[str] = [*self.brand.products, *(product.role for product in self.brand.products.values())]
            for what, names, known in (
                ("product", item.products(), goods),
                ("column", item.columns(), [*self.brand.columns]),
                ("channel", item.channels(), [*self.brand.channels]),
                ("topic", item.topics(), [*self.brand.topics]),
            ):
                wrong += [
                    f"{place}.{_field_of(item, what, name)}: {self._not_of_the_brand(what, name, known)}"
                    for name in names
                    if name not in known
                ]
            festival = parse_schedule(item.when).festival
            if festival and festival not in self.market.festivals:
                wrong.append(f"{place}.when: {unknown('festival', festival, self.market.festivals)}")
        for place, audience in audiences.items():
            tags, entries = [*self.brand.topics, UNTAGGED], [*self.brand.channels, FOUNDING, REFERRAL, WALK_IN]
            wrong += [f"{place}.tags: {self._not_of_the_brand('topic', tag, tags)}" for tag in audience.tags if tag not in tags]
            wrong += [
                f"{place}.channels: {self._not_of_the_brand('channel', name, entries)}" for name in audience.channels if name not in entries
            ]
            types = (*strategy.groups, ORDINARY)
            wrong += [f"{place}.groups: {unknown('type of groups', name, types)}" for name in audience.groups if name not in types]
        return wrong

    def _not_of_the_brand(self, what: str, name: str, known: list[str]) -> str:
        """Word that the brand has no such thing; it may be that of another brand."""
        return f"{unknown(what, name, known)} (brand {self.brand.name})"

    @classmethod
    def minute(cls, **changes: Any) -> Scenario:
        """Return a very small scenario with a bit of everything, for compiling and for trying things out."""
        brand = {
            "name": "minute",
            "topics": {"tips": 2.0, "deals": 1.0},
            "columns": {"tips": {"topics": {"tips": 1.0}}, "sales": {"topics": {"deals": 1.0}}, "care": {}, "expert": {}},
            "products": {"soap": {"role": "hero", "list_yuan": 50.0, "cost_yuan": 15.0, "storable": True, "topics": {"tips": 1.0}}},
            "channels": {"door": {"cost_yuan": 1.0, "join_share": 1.0}},
            "need": {"rate_shape": 4.0, "rate_scale_weeks": 0.4, "lapse_a": 1.0, "lapse_b": 99.0},
        }
        strategy = {
            "name": "minute",
            "leads": {"door": 25.0},
            "groups": {"best": {"kind": "vip", "capacity": 8}},
            "desk": {"shifts": {"day": {"when": "daily 06:00-24:00"}}, "coupon_yuan": 5.0},
            "programme": {
                "hello": {"kind": "welcome", "coupon_yuan": 5.0},
                "tip": {"kind": "content_post", "when": "daily 01:00", "column": "tips", "delivery": "mass"},
                "deal": {"kind": "sales_post", "when": "daily 02:00", "product": "hero", "discount": 0.2, "delivery": "mass"},
                "note": {"kind": "coupon", "when": "daily 02:30", "product": "hero", "amount_yuan": 5.0},
                "packet": {"kind": "red_packet", "when": "daily 03:00", "amount_yuan": 1.0, "shares": 5},
                "honour": {"kind": "promote", "when": "daily 11:00", "to": "best", "by": "messages", "at_least": 1},
                "flash": {"kind": "flash_sale", "when": "daily 12:00", "product": "hero", "stock": 3, "window": "6h", "announce": "1h"},
                "early": {
                    "kind": "presale",
                    "when": "day 0 00:15",
                    "product": "hero",
                    "discount": 0.6,
                    "window": "1h",
                    "delivers_after": "24h",
                },
                "team": {"kind": "group_buy", "when": "day 0 04:00", "product": "hero", "discount": 0.6, "team": 9, "window": "12h"},
                "partners": {"kind": "commission_selling", "when": "day 0 05:00", "product": "hero", "discount": 0.6},
                "meet": {
                    "kind": "offline_event",
                    "when": "day 0 14:00",
                    "announce": "10h",
                    "pull": 9.0,
                    "column": "tips",
                    "cost_yuan": 1.0,
                },
                "trial": {"kind": "koc_sampling", "when": "day 0 09:00", "product": "hero", "at_least": 0, "column": "tips"},
            },
        }
        lively = {
            "referral": {"early_per_day": 20.0, "propensity_shape": 100.0, "accept_alone": 1.0},
            "chat": {"talkativeness_per_day": 5.0},
            "giving": {"spontaneous_per_day": 5.0},
            "asking": {"per_day": 5.0, "per_offer": 1.0},
            "sharing": {"intensity_per_yuan": 100.0},
        }
        base: dict[str, Any] = {
            "horizon_days": 1.1,  # beyond a midnight, when those whom members invited into full groups come in
            "population": {"size": 16, "group_size": 8, "initial_fill": 1.0},
            "behaviour": lively,
            "brand": brand,
            "strategy": strategy,
        }
        return cls.model_validate({**base, **changes})


def _field_of(action: Action, usual: str, name: str) -> str:
    """Return the field that holds a name: the usual one, or one that holds several, such as ``rotation``, ``shown`` or ``by_tag``."""
    if getattr(action, usual, None) == name:
        return usual
    lists = (field for field, value in action if isinstance(value, list) and name in value)
    mappings = (field for field, value in action if isinstance(value, dict) and (name in value or name in value.values()))
    return next(lists, next(mappings, usual))
