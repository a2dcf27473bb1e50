"""Containers on a real engine: what is found out about a program that does as it likes, and what is left of it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from uuid import uuid4

import pytest
from docker.api.client import APIClient
from docker.errors import NotFound

from grader.criteria.silence_words import silence_words
from grader.engine.client import Engine
from grader.engine.container import Container
from grader.engine.http_question import BODY_CAP
from grader.engine.labels import run_labels
from grader.engine.listening import Listener
from grader.engine.model import Limits, RunRequest
from grader.engine.silence import (
    Ended,
    HttpFault,
    ListensElsewhere,
    LoopbackOnly,
    NoAnswer,
    NotStarted,
    Silence,
    StartFault,
)
from grader.errors import MachineError

pytestmark = pytest.mark.engine
Image = Callable[..., str]
Start = Callable[..., AbstractContextManager[Container]]
PORT = 8080
MEMORY = Limits().memory
MARK = {"workshop-test.volume": uuid4().hex}


def serving(answer: str) -> str:
    """Return a script that reads every request and gives `answer`, a shell command's output."""
    read = 'while read line && [ "${#line}" -gt 1 ]; do :; done'
    return f"cat > /answer <<'EOF'\n{read}\n{answer}\nEOF\nexec nc -ll -p {PORT} -e sh /answer"


# Answers ------------------------------------------------------------------------------------------------------------


def test_a_service_is_answered_for_as_soon_as_it_listens(start: Start) -> None:
    """The first request waits for it; a page that is not there is an answer too."""
    with start(f"sleep 0.5; mkdir /w; echo hello > /w/index.html; exec httpd -f -p {PORT} -h /w") as container:
        found, lost = container.get("/"), container.get("/nothing")
    assert (found.status, found.text, found.silence) == (200, "hello", None)
    assert lost.status == 404


def test_a_program_that_ends_at_once_is_told_with_its_code_and_last_words(start: Start) -> None:
    """That is what the learner has to know."""
    with start("echo first >&2; echo 'cannot open /config' >&2; exit 3") as container:
        exchange = container.get("/")
    assert exchange.status is None
    assert exchange.silence == Ended(3, False, MEMORY, "cannot open /config")


def test_a_program_that_ends_without_a_word_is_told(start: Start) -> None:
    """There are no last words."""
    with start("exit 0") as container:
        assert container.get("/").silence == Ended(0, False, MEMORY, "")


def test_a_program_that_never_listens_is_told(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs, but nothing is available from it."""
    monkeypatch.setattr("grader.engine.container.START_DEADLINE", 1.0)
    with start("sleep 3600") as container:
        silence = container.get("/").silence
    assert isinstance(silence, NoAnswer)
    assert (silence.port, silence.seconds, silence.is_open) == (PORT, 1.0, False)


@pytest.mark.parametrize(
    ("where", "silence"),
    [(f"127.0.0.1:{PORT}", LoopbackOnly(PORT)), ("9090", ListensElsewhere(PORT, (9090,)))],
)
def test_a_program_that_listens_elsewhere_is_told_where(
    start: Start, monkeypatch: pytest.MonkeyPatch, where: str, silence: Silence
) -> None:
    """These are the two usual mistakes."""
    monkeypatch.setattr("grader.engine.container.START_DEADLINE", 1.0)
    with start(f"exec httpd -f -p {where}") as container:
        assert container.get("/").silence == silence


def test_a_huge_answer_is_cut(start: Start) -> None:
    """The grader's memory is not the learner's."""
    with start(serving(r'printf "HTTP/1.0 200 OK\r\n\r\n"; yes')) as container:
        exchange = container.get("/")
    assert (exchange.status, len(exchange.body)) == (200, BODY_CAP)


@pytest.mark.parametrize("drip", ['printf "HTTP/1.0 200 OK\\r\\n\\r\\n"; ', "", 'printf "HTTP/1.1 200 OK\\r\\n"; '])
def test_an_answer_that_drips_has_a_deadline(start: Start, monkeypatch: pytest.MonkeyPatch, drip: str) -> None:
    """A byte now and then would keep a time-out of the socket away for ever."""
    monkeypatch.setattr("grader.engine.container.START_DEADLINE", 1.0)
    with start(serving(drip + "while sleep 0.2; do printf x; done")) as container:
        silence = container.get("/", seconds=1.5).silence
    assert isinstance(silence, NoAnswer)
    assert (silence.is_open, silence.last.kind, silence.last.seconds) == (True, HttpFault.TIMED_OUT, 1.5)


@pytest.mark.parametrize(
    "nonsense", ["printf nonsense", "yes", 'printf "HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nx"']
)
def test_an_answer_that_is_no_http_is_told(start: Start, monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    """Also one that breaks off."""
    monkeypatch.setattr("grader.engine.container.START_DEADLINE", 0.5)
    with start(serving(nonsense)) as container:
        exchange = container.get("/")
    assert exchange.status is None
    assert isinstance(exchange.silence, NoAnswer)
    assert (exchange.silence.is_open, exchange.silence.last.kind) == (True, HttpFault.BROKEN_ANSWER)


def test_terminal_escapes_do_not_come_out_of_a_container(start: Start) -> None:
    """Neither in its log nor in an answer's text."""
    with start(serving(r'printf "HTTP/1.0 200 OK\r\n\r\n\033]0;title\007\033[31mred"')) as container:
        assert container.get("/").text == "red"
    with start("printf '\\033[2J\\033]0;title\\007gone\\n'; exit 1") as container:
        assert container.get("/").silence == Ended(1, False, MEMORY, "gone")
        assert container.log() == "gone"
        assert container.stop().log == "gone"


# Refusals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "kind", "words"),
    [
        ('CMD ["/nope"]', StartFault.PROGRAM_MISSING, 'exec: "/nope": stat /nope: no such file or directory'),
        ('CMD ["nope"]', StartFault.PROGRAM_MISSING, 'exec: "nope": executable file not found in $PATH'),
        ('COPY f /f\nRUN chmod 644 /f\nCMD ["/f"]', StartFault.PERMISSION_DENIED, 'exec: "/f": permission denied'),
        ("CMD []", StartFault.NO_COMMAND, "o command specified"),
        ("USER nobodyhere\nCMD sh", StartFault.NO_SUCH_USER, "unable to find user nobodyhere"),
        ("USER 1:nobodies\nCMD sh", StartFault.NO_SUCH_GROUP, "unable to find group nobodies"),
        (
            "WORKDIR /w\nRUN rmdir /w\nCOPY f /w\nCMD sh",
            StartFault.WORKING_DIRECTORY,
            "is not a directory",
        ),
    ],
)
def test_an_image_that_cannot_be_started_is_refused_not_the_machine_s_fault(
    image: Image, start: Start, lines: str, kind: StartFault, words: str
) -> None:
    """The learner named a program, user or folder that is not there; nobody else is to blame."""
    with start(image=image(f"FROM BASE\n{lines}\n", files={"f": "text"})) as container:
        silence = container.get("/").silence
        ended = container.stop()
    assert isinstance(silence, NotStarted)
    assert silence.refusal.kind is kind
    assert words in silence.refusal.words
    assert (ended.refusal, ended.log, ended.killed) == (silence.refusal, "", False)
    assert ended.code in (125, 126, 127)


@pytest.mark.parametrize("lines", ['CMD ["/etc"]', "RUN ln -s /loop /loop\nCMD /loop"])
def test_a_start_command_that_can_be_none_is_not_the_machine_s_fault(image: Image, start: Start, lines: str) -> None:
    """Engines differ in when they see it."""
    with start(image=image(f"FROM BASE\n{lines}\n")) as container:
        assert isinstance(container.get("/").silence, NotStarted | Ended)
        assert container.stop().code != 0


@pytest.mark.parametrize(
    ("content", "words"), [("#!/nope/interpreter\n", "no such file or directory"), ("text", "exec format error")]
)
def test_a_program_that_the_kernel_refuses_is_told(image: Image, start: Start, content: str, words: str) -> None:
    """A script whose interpreter is missing: the usual fate of a dynamic binary on an empty base."""
    with start(image=image('FROM BASE\nCOPY f /f\nCMD ["/f"]\n', files={"f": content})) as container:
        assert words in silence_words(container.get("/").silence)


def test_an_image_that_is_not_there_is_the_machine_s_fault(start: Start) -> None:
    """It was built a moment ago: someone took it away."""
    with pytest.raises(MachineError, match=r"\A[^\n]*[Nn]o such image[^\n]*\Z"), start(image="workshop-test/none:1"):
        pass


def test_one_lost_request_does_not_silence_a_service_that_has_answered(start: Start) -> None:
    """It hangs up on the second connection only: on a busy machine such things happen."""
    reply = r"""n=$(cat /n 2>/dev/null); echo "x$n" > /n; [ "$n" = x ] || printf 'HTTP/1.0 200 OK\r\n\r\nhello'"""
    with start(serving(reply)) as container:
        assert [container.get("/").text for _ in range(2)] == ["hello", "hello"]
        assert container.read_file("/n") == b"xxx\n"


# Facts --------------------------------------------------------------------------------------------------------------


def test_users_are_told_as_the_host_sees_them(image: Image, start: Start) -> None:
    """By number, whatever the image calls them."""
    lines = f'COPY passwd /etc/\nUSER app\nCMD ["httpd", "-f", "-p", "{PORT}"]'
    with start(image=image(f"FROM BASE\n{lines}\n", files={"passwd": "app:x:1234:1234::/:/bin/sh\n"})) as container:
        container.get("/")
        assert set(container.user_ids()) == {"1234"}
        assert container.listeners() == (Listener(PORT, is_loopback=False),)
    with start("exit 0") as container:
        container.get("/")
        assert container.user_ids() == ()


def test_health_is_what_the_image_s_check_says(image: Image, start: Start) -> None:
    """Or nothing, where it has none."""
    check = "HEALTHCHECK --interval=1s --retries=1 CMD"
    for test, expected in (("true", "healthy"), ("false", "unhealthy")):
        with start(image=image(f"FROM BASE\n{check} {test}\nCMD sleep 3600\n")) as container:
            assert container.health() in ("starting", expected)
            assert container.health(seconds=60.0) == expected
    with start("sleep 3600") as container:
        assert container.health() == ""


def test_health_can_be_asked_for_at_another_pace_than_the_image_s(image: Image, start: Start) -> None:
    """Nobody waits half an hour for a verdict; what is checked stays the image's, and what it wrote can be read."""
    check = "HEALTHCHECK --interval=30m --start-period=30m --retries=99 CMD"
    for test, expected in (("echo fine", "healthy"), ("echo ill; false", "unhealthy")):
        made = image(f"FROM BASE\n{check} {test}\nCMD sleep 3600\n")
        with start(image=made, health_interval=0.5) as container:
            assert container.health(seconds=60.0) == expected
            assert container.health_words().strip() == test.split(";")[0].removeprefix("echo ")
    with start("sleep 3600", health_interval=0.5) as container:
        assert (container.health(), container.health_words()) == ("", "")


def test_health_that_comes_late_is_waited_for(image: Image, start: Start) -> None:
    """Checks before it was asked may have been too early: a few more must fail before it is called unhealthy."""
    check = "HEALTHCHECK --interval=1s --retries=1 CMD"
    late = "echo >> /asked; [ $(wc -l < /asked) -gt 5 ]"
    for test, expected in ((late, "healthy"), ("false", "unhealthy")):
        with start(image=image(f"FROM BASE\n{check} {test}\nCMD sleep 3600\n"), health_interval=0.2) as container:
            assert container.health(seconds=60.0, failures=20) == expected


def test_beside_a_paused_container_its_processes_are_seen_and_nothing_answers(start: Start) -> None:
    """Afterwards it goes on as before."""
    ask = f"wget -qO- http://127.0.0.1:{PORT}/"
    with start(f"mkdir /w; echo hello > /w/index.html; exec httpd -f -p {PORT} -h /w") as service:
        assert service.get("/").text == "hello"
        with (
            service.paused(),
            start(f"ps | grep [h]ttpd; ! timeout 2 {ask}", port=None, beside=service.identity) as other,
        ):
            ended = other.wait(30.0)
        assert (ended.code, "httpd -f" in ended.log) == (0, True)
        assert service.get("/").text == "hello"
        with start(ask, port=None, beside=service.identity) as other:
            assert other.wait(30.0).log.strip() == "hello"


def test_a_container_that_has_ended_is_not_paused(start: Start) -> None:
    """There is nothing to pause."""
    with start("exit 0") as container:
        container.wait(30.0)
        with container.paused():
            assert container.user_ids() == ()


def test_a_health_check_that_cannot_be_started_says_why_in_few_words(image: Image, start: Start) -> None:
    """Without what the engine and its runtime put before the cause."""
    made = image('FROM BASE\nHEALTHCHECK CMD ["/nope"]\nCMD sleep 3600\n')
    with start(image=made, health_interval=0.5) as container:
        assert container.health(seconds=60.0) == "unhealthy"
        assert container.health_words() == 'exec: "/nope": stat /nope: no such file or directory'


def test_a_container_can_be_cut_off_from_every_network_but_its_own(start: Start) -> None:
    """Its loopback works; there is no way out."""
    script = "ifconfig lo | grep -q 127.0.0.1 && ! ifconfig eth0"
    with start(script, port=None, networked=False) as container:
        assert container.wait(20.0).code == 0
    with start(script, port=None) as container:
        assert container.wait(20.0).code != 0


def test_files_of_an_image_are_read_without_starting_it(image: Image, engine: Engine, run: str) -> None:
    """Nothing runs for it, so that an image that names nothing to start will do as well."""
    text = "FROM scratch\nCOPY mark /srv/\n"
    request = RunRequest(image(text, files={"mark": "here"}), labels=run_labels(run))
    with engine.lay_out(request) as container:
        assert container.read_file("/srv/mark") == b"here"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", container.modified("/srv/mark") or "")
        assert container.read_file("/srv/none") is None
        assert container.modified("/srv/none") is None


def test_a_file_s_time_is_that_of_its_last_change(image: Image, engine: Engine, start: Start) -> None:
    """It tells a file that was written again from one that was not."""
    made = image("FROM BASE\nRUN touch -d '2020-02-02 02:02:02' /then\n")
    with start("sleep 3600", image=made) as container:
        assert (container.modified("/then") or "").startswith("2020-02-02T02:02:02")


# What is left -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("happening", [None, ValueError("x"), KeyboardInterrupt()])
def test_a_container_is_removed_whatever_happens(
    engine: Engine, start: Start, run: str, happening: BaseException | None
) -> None:
    """At the end, on an exception, on Ctrl-C."""
    label = f"{run}-gone"
    with suppress(ValueError, KeyboardInterrupt), start("sleep 3600", labels=run_labels(label)):
        if happening is not None:
            raise happening
    assert engine.remove_leftovers(label) == 0


def test_volumes_are_removed_with_their_container(image: Image, start: Start, engine: Engine) -> None:
    """A learner's VOLUME would fill the disk bit by bit."""
    with APIClient(base_url=engine.host) as api:
        with start(image=image(f"FROM BASE\nVOLUME /data\nRUN echo {uuid4().hex}\nCMD sleep 3600\n"), labels=MARK):
            [raw] = api.containers(filters={"label": f"workshop-test.volume={MARK['workshop-test.volume']}"})
            [name] = [mount["Name"] for mount in raw["Mounts"]]
            api.inspect_volume(name)
        with pytest.raises(NotFound):
            api.inspect_volume(name)
