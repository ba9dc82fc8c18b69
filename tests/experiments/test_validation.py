from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from experiments.known_keys import KnownKeys
from experiments.validation import validation_lines


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    price: float = 1.0
    names: list[int] = []

    @model_validator(mode="after")
    def _check(self) -> Inner:
        if self.price == 13:
            raise ValueError("price: takes no 13\nnames.x: takes nothing")
        if self.price == 14:
            raise ValueError("top.inner.price: takes no 14")
        if self.price == 15:
            raise ValueError("is odd as a whole")
        return self


class Outer(BaseModel):
    inner: Inner


class Top(BaseModel):
    top: Outer


@pytest.mark.parametrize(
    ("inner", "lines"),
    [
        ({"price": 13}, ["top.inner.price: takes no 13", "top.inner.names.x: takes nothing"]),
        ({"price": 14}, ["top.inner.price: takes no 14"]),
        ({"price": 15}, ["top.inner: is odd as a whole"]),
        ({"prise": 1, "price": "x"}, [
            "top.inner.price: got 'x'; it should be a valid number, unable to parse string as a number",
            "top.inner.prise: no such key; did you mean top.inner.price?",
        ]),
        ({"names": "3"}, ["top.inner.names: got '3'; it takes a list: [3]"]),
        ({"names": None}, ["top.inner.names: got None; it should be a valid list"]),
        ({"names": [1, "b"]}, ["top.inner.names[1]: got 'b'; it should be a valid integer, unable to parse string as an integer"]),
    ],
)  # fmt: skip
def test_every_error_gets_a_line_with_its_whole_key(inner: dict[str, Any], lines: list[str]) -> None:
    data = {"top": {"inner": inner}}
    with pytest.raises(ValidationError) as caught:
        Top.model_validate(data)
    assert list(validation_lines(caught.value, data, KnownKeys(Top.model_json_schema())).values()) == lines


def test_a_place_without_anything_below_it_is_told() -> None:
    for value, line in ((None, "top: is empty; it takes keys below it"), (3, "top: got 3; it takes keys below it, each with a value")):
        with pytest.raises(ValidationError) as caught:
            Top.model_validate({"top": value})
        assert list(validation_lines(caught.value, {"top": value}, KnownKeys(Top.model_json_schema())).values()) == [line]


class Apple(Inner):
    kind: Literal["apple"]


class Pear(BaseModel):
    kind: Literal["pear"]


class Basket(BaseModel):
    items: dict[str, Annotated[Apple | Pear, Field(discriminator="kind")]]


def test_the_kind_of_an_item_is_no_part_of_its_key() -> None:
    data = {"items": {"a": {"kind": "apple", "price": 13}, "b": {"kind": "apple", "price": 15}}}
    with pytest.raises(ValidationError) as caught:
        Basket.model_validate(data)
    lines = validation_lines(caught.value, data, KnownKeys(Basket.model_json_schema()))
    assert list(lines.values()) == ["items.a.price: takes no 13", "items.a.names.x: takes nothing", "items.b: is odd as a whole"]


@pytest.mark.parametrize(
    ("item", "lines"),
    [
        ({"kind:pear": None}, ["items.a.kind: missing; it must be given; in 'kind:pear' a blank is missing after the colon"]),
        ({"kind": "apple", "b 2": None}, ["items.a.b 2: no such key; a text that holds a comma goes into quotes"]),
        ({"kind": "cherry"}, ["items.a.kind: got 'cherry'; it takes apple, pear"]),
    ],
)
def test_slips_of_the_pen_within_braces(item: dict[str, Any], lines: list[str]) -> None:
    data = {"items": {"a": item}}
    with pytest.raises(ValidationError) as caught:
        Basket.model_validate(data)
    assert list(validation_lines(caught.value, data, KnownKeys(Basket.model_json_schema())).values()) == lines
