from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from experiments.conclusions import write_statistics
from experiments.errors import UserError
from experiments.files import locked
from experiments.reading import CAVEAT
from experiments.report import rebuild
from tests.experiments.conftest import SMALL, Fishpond


@pytest.fixture(scope="module")
def page(reported: Path) -> str:
    return (reported / "report.html").read_text(encoding="utf-8")


class Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_stands_alone(page: str) -> None:
    tags = Reader(page).tags
    assert not [tag for tag, _ in tags if tag in ("script", "img", "link", "iframe", "object")]
    for _, attributes in tags:
        for name in ("src", "href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    outside = set(re.findall(r"https?://[^\s\"'<]+", page))
    # Names of languages, which nothing fetches.
    assert all(re.match(r"https?://(www\.w3\.org|purl\.org|creativecommons\.org)/", address) for address in outside)
    assert "@import" not in page


def test_names_on_the_page_are_unique_and_every_reference_has_its_target(page: str) -> None:
    tags = Reader(page).tags
    names = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(names) == len(set(names))
    references = set(re.findall(r"url\(#([^)]+)\)", page)) | {
        str(attributes["xlink:href"])[1:] for _, attributes in tags if "xlink:href" in attributes
    }
    assert references <= set(names)


def test_the_page_opens_with_the_answer(page: str) -> None:
    body = page[page.index("<body>") :]
    first = re.search(r"<p[^>]*>(.*?)</p>", body, re.DOTALL)
    assert first is not None
    assert first[1].startswith("After 90 days, no_community leads fish_raising on contribution by ")


def test_the_page_has_all_that_was_promised(page: str) -> None:
    for text in (
        "fish_raising less kill_pig, on the same people",
        "no_community less kill_pig, on the same people",
        "Incremental GMV",
        '<tr><th scope="row">20:00</th><td>flash_sale</td>',
        "flash_sale</th><td>daily 20:00</td><td>sale</td><td>90 times</td><td>discount 0.4",
        "When fish_raising does what",
        "budget over the whole run</th><td>1000 yuan",
        "platform cap",
        "Net revenue less cost of goods and every cost line.",
        "configuration (SHA-256)",
        "kill_pig 6, fish_raising 6, no_community 6",
        "No programme: the brand publishes nothing by plan.",
    ):
        assert text in page, text
    assert page.count(CAVEAT.replace(" %", "\u00a0%")) == 2
    assert page.count("<svg") == 12  # ten figures of results, and the calendars of the two strategies that plan something


def test_refused_actions_are_counted_a_run(page: str) -> None:
    assert re.search(r"<td>kill_pig</td><td>budget</td><td class=\"number\">1</td>", page)


def test_names_are_escaped(fishpond: Fishpond, one_figure: None) -> None:
    assert fishpond("run", *SMALL, "strategy.description='<b>bold & brave</b>'", "out=a").code == 0
    page = rebuild("a").read_text(encoding="utf-8")
    assert "&lt;b&gt;bold &amp; brave&lt;/b&gt;" in page
    assert "<b>bold" not in page


def test_a_run_and_a_record_of_metrics_alone_have_a_page(fishpond: Fishpond) -> None:
    assert fishpond("compare", *SMALL, "record=summary", "report.page=true", "out=a").code == 0
    page = Path("a/report.html").read_text(encoding="utf-8")
    assert "What was compared" in page
    assert page.count("<svg") == 3


def test_a_second_report_is_the_same(comparison: Path, tmp_path: Path, page: str) -> None:
    folder = tmp_path / "out"
    shutil.copytree(comparison, folder)
    write_statistics(folder)
    for name in ("summary.csv", "paired.csv"):
        assert (folder / name).read_bytes() == (comparison / name).read_bytes()


def test_a_folder_in_use_is_left_alone(comparison: Path) -> None:
    with locked(comparison), pytest.raises(UserError, match="another fishpond process"):
        rebuild(str(comparison))


def test_one_replication_is_called_so(fishpond: Fishpond, one_figure: None) -> None:
    assert fishpond("run", *SMALL, "replications=1", "out=a").code == 0
    page = rebuild("a").read_text(encoding="utf-8")
    assert "One replication</caption>" in page
    assert "There is one replication only: no interval" in page
    assert "bands their" not in page
