"""What a brand is: topics, columns of content, products, channels, the needs of its customers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.codes import CATEGORIES, TOPICS
from sim.parameters import Parameters, parameter
from sim.population import ChannelTraits, NeedParameters

Role = Literal["entry", "hero", "premium"]
Mix = dict[str, Annotated[float, Field(ge=0, le=1e6)]]


class Product(Parameters):
    """Something that the brand sells."""

    role: Role = Field(description="part it plays, by which plans name it for any brand: entry, hero or premium")
    category: str = parameter(
        "", unit="name", meaning="need that it serves, as other goods of the category do that stand in for it; empty: one of its own"
    )
    list_yuan: float = parameter(..., unit="yuan", meaning="list price", low=0.01, high=1e7)
    cost_yuan: float = parameter(..., unit="yuan", meaning="cost of a unit", low=0, high=1e7)
    share: float = parameter(1.0, unit="weight", meaning="share of needs that fall on it", low=0, high=1e6)
    storable: bool = parameter(False, unit="switch", meaning="whether a deal is stocked up on")
    use_days: float = parameter(
        18.0,
        unit="days",
        meaning="days that a unit bought on a deal lasts beyond the normal holding",
        low=0,
        high=3650,
        source="MODEL section 5: 15-20 days",
    )
    return_rate: float = parameter(0.03, unit="share", meaning="orders sent back", low=0, high=1)
    topics: Mix = parameter({}, unit="weight", meaning="topics it is about, with weights; empty: all of the brand's, by their weight")


class Column(Parameters):
    """A category of content: what it is about and how good it is."""

    topics: Mix = parameter({}, unit="weight", meaning="topics it is about, with weights; empty: all of the brand's, by their weight")
    quality: float = parameter(0.6, unit="share", meaning="quality of the content", low=0, high=1)


class Channel(Parameters):
    """A way in: what a contact costs, how many enter a group, and who they are."""

    cost_yuan: float = parameter(0.0, unit="yuan", meaning="cost of a contact", low=0, high=1e5)
    join_share: float = parameter(0.6, unit="share", meaning="contacts who enter a group", low=0, high=1)
    customer_share: float = parameter(0.3, unit="share", meaning="contacts who have bought before", low=0, high=1)
    traits: ChannelTraits = Field(default_factory=ChannelTraits, description="how its people differ")


class Shop(Parameters):
    """The brand's shops: where people who live near one buy part of what they need."""

    regions: int = parameter(0, unit="regions", meaning="regions that have a shop: the first so many of the population's", low=0, high=1000)
    share: float = parameter(0.5, unit="share", meaning="purchases from need that people near a shop make there", low=0, high=1)


class Brand(Parameters):
    """A brand: what it sells, what it talks about, and how its customers need it."""

    name: str = Field(description="name of the brand's configuration", min_length=1, max_length=80)
    description: str = Field("", description="one line")
    topics: dict[str, Annotated[float, Field(gt=0, le=1e6)]] = parameter(
        unit="weight", meaning="what people may be interested in, with how common the interest is"
    )
    columns: dict[str, Column] = Field(description="categories of content")
    products: dict[str, Product] = Field(description="what it sells")
    channels: dict[str, Channel] = Field(default_factory=dict, description="ways in")
    need: NeedParameters
    shop: Shop = Field(default_factory=Shop, description="shops beside the mall")
    wage_yuan_per_day: float = parameter(260.0, unit="yuan/day", meaning="cost of one member of staff a day", low=0, high=1e5)

    @model_validator(mode="after")
    def _names_exist(self) -> Brand:
        problems = []
        if not 1 <= len(self.topics) <= TOPICS:
            problems.append(f"brand.topics: takes 1 to {TOPICS} topics, got {len(self.topics)}")
        if not self.products:
            problems.append("brand.products: takes at least one product")
        if (many := len(self.categories())) > CATEGORIES:
            problems.append(
                f"brand.products: takes goods of 1 to {CATEGORIES} categories, got {many}: "
                "those that stand in for each other, or matter least, can share a `category`"
            )
        for place, mix in self._mixes():
            problems += [
                f"brand.{place}.topics: unknown topic {name!r}: takes {', '.join(self.topics)}" for name in mix if name not in self.topics
            ]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _mixes(self) -> list[tuple[str, Mix]]:
        columns = [(f"columns.{name}", column.topics) for name, column in self.columns.items()]
        return columns + [(f"products.{name}", product.topics) for name, product in self.products.items()]

    def categories(self) -> list[str]:
        """Return the categories of goods, in order of their first; a product without one is of its own, which has its name."""
        return list(dict.fromkeys(product.category or name for name, product in self.products.items()))

    def product_index(self, name_or_role: str) -> int:
        """Return the place of a product by its name, or the first that plays the role.

        Raises
        ------
        KeyError
            If there is neither.
        """
        names = list(self.products)
        if name_or_role in names:
            return names.index(name_or_role)
        for place, product in enumerate(self.products.values()):
            if product.role == name_or_role:
                return place
        raise KeyError(name_or_role)
