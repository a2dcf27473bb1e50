"""Nonces: how texts name them, and what they look like where they were put into base64."""

import base64
import hashlib

import pytest

from grader.exercise.nonce import PREFIX, Nonces, base64_forms

NONCES = Nonces("key", "example")


def test_a_field_stands_for_the_nonce_of_its_name() -> None:
    """What is no field stays as it is: texts are scripts, too."""
    text = "a {one} ${HOME} {1} {Two} {one}"
    assert NONCES.fill(text) == f"a {NONCES('one')} ${{HOME}} {{1}} {{Two}} {NONCES('one')}"


def test_a_digest_can_be_planted_without_its_nonce() -> None:
    """It tells a program in the build which token is the right one."""
    assert NONCES.fill("{sha256:token}\n") == hashlib.sha256(NONCES("token").encode()).hexdigest() + "\n"


def test_what_a_text_plants_is_what_it_holds_afterwards() -> None:
    """A digest is not the nonce, and searching for it would find nothing."""
    text = "{one} {sha256:two} {one}{three}"
    assert NONCES.planted_by(text) == {NONCES("one"), NONCES("three")}
    assert NONCES("two") not in NONCES.fill(text)


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("before", ["", "u", "us", "use", "store:"])
@pytest.mark.parametrize("after", ["", "\n", " x", "\xff\xff\xff"])
def test_a_nonce_in_base64_is_found_wherever_it_begins(encode: object, before: str, after: str) -> None:
    """Exactly one of the three forms is there, and it is long enough to be no accident."""
    assert callable(encode)
    nonce = NONCES("token")
    text = encode(f"{before}{nonce}{after}".encode("latin-1")).decode()
    assert [form in text for form in base64_forms(nonce)].count(True) == 1
    assert all(len(form) > len(nonce) for form in base64_forms(nonce))


def test_another_nonce_in_base64_is_not_taken_for_it() -> None:
    """They begin alike."""
    other = NONCES("other")
    assert other.startswith(PREFIX)
    text = base64.b64encode(other.encode()).decode()
    assert not any(form in text for form in base64_forms(NONCES("token")))


def test_a_fresh_one_is_another_in_each_run() -> None:
    """All others are the same, so that the layer cache serves."""
    runs = [Nonces("key", "example", run) for run in ("one", "two")]
    assert len({nonces("fresh-1") for nonces in runs} | {nonces("fresh-2") for nonces in runs}) == 4
    assert {nonces("plain") for nonces in runs} == {NONCES("plain")}
