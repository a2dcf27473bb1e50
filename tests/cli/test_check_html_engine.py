"""`workshop check --format html` on a real engine: the page has what was handed in and seen, as text."""

from pathlib import Path

import pytest

from tests.cli.running import Workshop
from tests.reports.reading_html import Page, wrongs

pytestmark = pytest.mark.engine

ATTACK = "</code><script>alert(1)</script>"
HOSTILE = f"""FROM busybox
LABEL attack="{ATTACK}"
RUN mkdir /www && echo '{ATTACK}' > /www/index.html
EXPOSE 8080
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
"""


def test_the_page_shows_what_was_handed_in_and_seen_and_runs_none_of_it(workshop: Workshop, tmp_path: Path) -> None:
    """A classmate's answer may be opened without a second thought."""
    (tmp_path / "Dockerfile").write_text(HOSTILE, encoding="utf-8")
    ran = workshop("check", "01", "--submission", tmp_path, "--format", "html", "--output", tmp_path / "page.html")
    assert (ran.code, ran.out) == (1, "")
    page = Page((tmp_path / "page.html").read_text("utf-8"))
    assert wrongs(page) == []
    assert f'LABEL attack="{ATTACK}"' in page.words("code")
    assert [words for words in page.words("dd") if ATTACK in words]
    assert [link for link in page.all("a") if link.attrib["href"].startswith("#line-")]
    assert "yours" in page.words("th")


def test_a_page_that_cannot_be_written_is_said_in_one_line(workshop: Workshop, tmp_path: Path) -> None:
    """The grading is not repeated, and the reason is the system's."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    target = tmp_path / "no-such-folder" / "page.html"
    ran = workshop("check", "01", "--submission", tmp_path, "--format", "html", "--output", target, "--quiet")
    assert ran.code == 2
    assert f"Cannot write {target}" in ran.err
