"""Containers on a real engine: what is found out about a program that does as it likes, and what is left of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from docker.api.client import APIClient
from docker.errors import NotFound

from grader.engine.client import Engine
from grader.engine.container import Container
from grader.engine.http_question import BODY_CAP
from grader.engine.labels import run_labels
from grader.engine.model import Limits, RunRequest
from grader.errors import MachineError

pytestmark = pytest.mark.engine
Image = Callable[..., str]
Start = Callable[..., AbstractContextManager[Container]]
PORT = 8080
MARK = {"workshop-test.volume": uuid4().hex}


@pytest.fixture
def start(engine: Engine, base: str, run: str) -> Start:
    """Start a shell script, or the command of an image, in a container of its own."""

    def starting(script: str | None = None, image: str = base, **options: object) -> AbstractContextManager[Container]:
        arguments = ("sh", "-c", script) if script is not None else None
        settings = {"port": PORT, "arguments": arguments, "labels": run_labels(run), **options}
        return engine.run(RunRequest(image, **settings))  # type: ignore[arg-type] - settings of several types

    return starting


def serving(answer: str) -> str:
    """Return a script that gives `answer`, a shell command's output, to everyone who connects."""
    return f"echo '{answer}' > /answer; exec nc -lk -p {PORT} -e sh /answer"


def left(engine: Engine, label: str) -> int:
    """Count the containers that carry `label`, by removing them."""
    return engine.remove_leftovers(label)


# Answers ------------------------------------------------------------------------------------------------------------


def test_a_service_is_answered_for_as_soon_as_it_listens(start: Start) -> None:
    """The first request waits for it; a page that is not there is an answer too."""
    with start(f"sleep 0.5; mkdir /w; echo hello > /w/index.html; exec httpd -f -p {PORT} -h /w") as container:
        found, lost = container.get("/"), container.get("/nothing")
    assert (found.status, found.text, found.failure) == (200, "hello", "")
    assert lost.status == 404


def test_a_program_that_ends_at_once_is_told_with_its_code_and_last_words(start: Start) -> None:
    """That is what the learner has to know."""
    with start("echo first; echo 'cannot open /config' >&2; exit 3") as container:
        exchange = container.get("/")
    assert exchange.status is None
    assert exchange.failure == "the container ended by itself with exit code 3; it last wrote: cannot open /config"


def test_a_program_that_ends_without_a_word_is_told(start: Start) -> None:
    """No quotation of nothing."""
    with start("exit 0") as container:
        assert container.get("/").failure == "the container ended by itself with exit code 0 and wrote nothing"


def test_a_program_that_never_listens_is_told(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs, but nothing is to be had from it."""
    monkeypatch.setattr("grader.engine.container.START_DEADLINE", 1.0)
    with start("sleep 3600") as container:
        failure = container.get("/").failure
    assert failure.startswith(f"nothing answered on port {PORT} within 1 s")


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (f"127.0.0.1:{PORT}", f"the program listens on 127.0.0.1:{PORT} only"),
        ("9090", f"nothing listens on port {PORT}; the program listens on 9090"),
    ],
)
def test_a_program_that_listens_elsewhere_is_told_where(
    start: Start, monkeypatch: pytest.MonkeyPatch, where: str, words: str
) -> None:
    """These are the two usual mistakes."""
    monkeypatch.setattr("grader.engine.container.START_DEADLINE", 1.0)
    with start(f"exec httpd -f -p {where}") as container:
        assert container.get("/").failure.startswith(words)


def test_a_huge_answer_is_cut(start: Start) -> None:
    """The grader's memory is not the learner's."""
    with start(serving(r'printf "HTTP/1.0 200 OK\r\n\r\n"; yes')) as container:
        exchange = container.get("/")
    assert (exchange.status, len(exchange.body)) == (200, BODY_CAP)


@pytest.mark.parametrize("drip", ['printf "HTTP/1.0 200 OK\\r\\n\\r\\n"; ', "", 'printf "HTTP/1.1 200 OK\\r\\n"; '])
def test_an_answer_that_drips_has_a_deadline(start: Start, monkeypatch: pytest.MonkeyPatch, drip: str) -> None:
    """A byte now and then would hold a time-out of the socket off for ever."""
    monkeypatch.setattr("grader.engine.container.START_DEADLINE", 1.0)
    with start(serving(drip + "while sleep 0.2; do printf x; done")) as container:
        failure = container.get("/", seconds=1.5).failure
    assert failure == f"port {PORT} is open, but it took the connection but gave no whole answer within 2 s"


@pytest.mark.parametrize(
    "nonsense", ["printf nonsense", "yes", 'printf "HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nx"']
)
def test_an_answer_that_is_no_http_is_told(start: Start, monkeypatch: pytest.MonkeyPatch, nonsense: str) -> None:
    """Also one that breaks off."""
    monkeypatch.setattr("grader.engine.container.START_DEADLINE", 0.5)
    with start(serving(nonsense)) as container:
        exchange = container.get("/")
    assert exchange.status is None
    assert exchange.failure.startswith(f"port {PORT} is open, but the connection failed")


def test_terminal_escapes_do_not_come_out_of_a_container(start: Start) -> None:
    """Neither in its log nor in an answer's text."""
    with start(serving(r'printf "HTTP/1.0 200 OK\r\n\r\n\033]0;title\007\033[31mred"') + " 2>&1") as container:
        assert container.get("/").text == "red"
    with start("printf '\\033[2J\\033]0;title\\007gone\\n'; exit 1") as container:
        assert container.get("/").failure.endswith("it last wrote: gone")
        assert container.log() == "gone"
        assert container.stop().log == "gone"


# Refusals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('CMD ["/nope"]', "no such file or directory"),
        ('CMD ["nope"]', "executable file not found"),
        ('COPY f /f\nRUN chmod 644 /f\nCMD ["/f"]', "permission denied"),
        ('CMD ["/etc"]', ""),
        ("CMD []", "No command specified"),
        ("USER nobodyhere\nCMD sh", "unable to find user nobodyhere"),
        ("USER 1:nobodies\nCMD sh", "unable to find group nobodies"),
        ("WORKDIR /w\nRUN rmdir /w\nCOPY f /w\nCMD sh", "is not a directory"),
        ("RUN ln -s /loop /loop\nCMD /loop", ""),
    ],
)
def test_an_image_that_cannot_be_started_is_refused_not_the_machine_s_fault(
    image: Image, start: Start, lines: str, words: str
) -> None:
    """The learner named a program, user or folder that is not there; nobody else is to blame."""
    with start(image=image(f"FROM BASE\n{lines}\n", files={"f": "text"})) as container:
        failure = container.get("/").failure
        ended = container.stop()
    assert words in failure
    assert ended.code != 0
    assert not ended.killed
    if container.refused:
        assert failure == f"the container did not start: {container.refused}"


@pytest.mark.parametrize(
    ("content", "words"), [("#!/nope/interpreter\n", "no such file or directory"), ("text", "exec format error")]
)
def test_a_program_that_the_kernel_refuses_is_told(image: Image, start: Start, content: str, words: str) -> None:
    """A script whose interpreter is missing: the usual fate of a dynamic binary on an empty base."""
    with start(image=image('FROM BASE\nCOPY f /f\nCMD ["/f"]\n', files={"f": content})) as container:
        assert words in container.get("/").failure


def test_an_image_that_is_not_there_is_the_machine_s_fault(start: Start) -> None:
    """It was built a moment ago: someone took it away."""
    with pytest.raises(MachineError, match=r"\A[^\n]*[Nn]o such image[^\n]*\Z"), start(image="workshop-test/none:1"):
        pass


# Stopping -----------------------------------------------------------------------------------------------------------


def test_a_program_that_ignores_the_stop_signal_is_killed(start: Start) -> None:
    """After the grace period, which is told from an end of its own."""
    with start("trap '' TERM; echo up; while :; do sleep 1; done") as container:
        await_log(container, "up")
        ended = container.stop(grace=1.0)
    assert (ended.code, ended.killed) == (137, True)
    assert ended.seconds >= 1.0


def test_a_program_that_heeds_the_stop_signal_ends_by_itself(start: Start) -> None:
    """With the code that it chooses."""
    with start("trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.1; done") as container:
        await_log(container, "up")
        ended = container.stop(grace=30.0)
    assert (ended.code, ended.killed, ended.log.splitlines()) == (5, False, ["up", "bye"])


def test_a_program_that_had_ended_is_not_taken_for_killed(start: Start) -> None:
    """Exit code 137 can be anyone's."""
    with start("exit 137") as container:
        container.get("/")
        ended = container.stop(grace=0.0)
    assert (ended.code, ended.killed) == (137, False)


def await_log(container: Container, words: str) -> None:
    """Wait until the program has written `words`; pytest's own time limit is the deadline."""
    for _ in range(2000):
        if words in container.log():
            return
    raise AssertionError(container.log())


# Limits -------------------------------------------------------------------------------------------------------------


def test_a_program_that_wants_too_much_memory_is_told_so(start: Start) -> None:
    """An exit code of 137 alone says nothing to a learner."""
    script = "exec awk 'BEGIN { x = \"0123456789\"; while (1) x = x x }'"
    with start(script, limits=Limits(memory=32_000_000)) as container:
        assert "out of memory: the limit is 32 MB" in container.get("/").failure


def test_a_fork_bomb_stays_inside(engine: Engine, start: Start, run: str) -> None:
    """It cannot have more processes than its limit, and is removed like any other container."""
    bomb = "b() { b | b & }; echo lit; b; while :; do sleep 1; done"
    label = f"{run}-bomb"
    with start(bomb, limits=Limits(pids=40), labels=run_labels(label)) as container:
        await_log(container, "lit")
        assert len(container.user_ids()) <= 40
    assert left(engine, label) == 0


def test_a_program_cannot_gain_privileges(start: Start) -> None:
    """A setuid program in a base image makes nobody root."""
    with start("grep NoNewPrivs /proc/self/status") as container:
        container.get("/")
        assert container.log().split() == ["NoNewPrivs:", "1"]


def test_a_log_that_floods_is_bounded(start: Start) -> None:
    """Only its tail is kept, by the engine and by us."""
    with start("yes 0123456789 | head -n 400000; echo the end") as container:
        container.get("/")
        log = container.log()
    assert log.endswith("the end")
    assert len(log) <= 20_000


def test_one_can_ask_for_more_processors_than_there_are(start: Start) -> None:
    """A limit that the machine is below is kept anyway."""
    with start("echo up", limits=Limits(cpus=1000.0)) as container:
        assert "exit code 0" in container.get("/").failure


# Facts --------------------------------------------------------------------------------------------------------------


def test_users_are_told_as_the_host_sees_them(image: Image, start: Start) -> None:
    """By number, whatever the image calls them."""
    lines = f'RUN adduser -D -u 1234 app\nUSER app\nCMD ["httpd", "-f", "-p", "{PORT}"]'
    with start(
        image=image(f"FROM BASE\nRUN mkdir -p /etc /home; touch /etc/passwd /etc/group\n{lines}\n")
    ) as container:
        container.get("/")
        assert container.user_ids() == ("1234",)
        assert [(listener.port, listener.is_loopback) for listener in container.listeners()] == [(PORT, False)]
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


# What is left -------------------------------------------------------------------------------------------------------


def test_a_container_is_removed_whatever_happens(engine: Engine, start: Start, run: str) -> None:
    """At the end, on an exception, on Ctrl-C, and when it never started."""
    label = f"{run}-gone"
    for happening in (None, ValueError("x"), KeyboardInterrupt()):
        try:
            with start("sleep 3600", labels=run_labels(label)):
                if happening is not None:
                    raise happening
        except (ValueError, KeyboardInterrupt) as raised:
            assert raised is happening  # noqa: PT017 - one of two kinds
    assert left(engine, label) == 0


def test_volumes_are_removed_with_their_container(image: Image, start: Start, engine: Engine) -> None:
    """A learner's VOLUME would fill the disk bit by bit."""
    with APIClient(base_url=engine.host) as api:
        with start(image=image(f"FROM BASE\nVOLUME /data\nRUN echo {uuid4().hex}\nCMD sleep 3600\n"), labels=MARK):
            [raw] = api.containers(filters={"label": f"workshop-test.volume={MARK['workshop-test.volume']}"})
            [name] = [mount["Name"] for mount in raw["Mounts"]]
            api.inspect_volume(name)
        with pytest.raises(NotFound):
            api.inspect_volume(name)
