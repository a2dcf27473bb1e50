"""What an answer to exercise 09 must do: one test, one criterion."""

from grader.criteria.answers_http import answers_http, cannot_tell
from grader.criteria.arguments_pass import arguments_pass
from grader.criteria.binary_executable import binary_executable
from grader.criteria.builds import builds
from grader.criteria.healthy import PATIENCE, Quiet, asking, healthy, notices_silence
from grader.criteria.no_duplicate_bytes import no_duplicate_bytes
from grader.criteria.non_root import non_root
from grader.criteria.stops_gracefully import stops_gracefully
from grader.criteria.writable_data import writable_data
from grader.pytest_plugin.api import criterion, require

DATA = "/data"
TRIES = 3
ELSEWHERE = 18080


@criterion("builds", points=5)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))


@criterion("answers-http", points=10)
def test_answers_http(service, image):
    """The container answers on port 8080."""
    require(answers_http(service.get("/"), image))


@criterion("binary-executable", points=10)
def test_binary_executable(service, image):
    """The image's user may execute the program."""
    require(binary_executable(service.get("/"), image))


@criterion("non-root", points=10)
def test_non_root(service, image):
    """The program does not run as root."""
    require(non_root(service.user_ids(), image))


@criterion("writable-data", points=15)
def test_writable_data(another_service, plain, image):
    """The program can write into /data."""
    with another_service(plain, environment={"TMPDIR": DATA}) as container:
        require(writable_data(container.get("/write"), image, DATA))


@criterion("stops-gracefully", points=15)
def test_stops_gracefully(another_service, plain, service, image):
    """The program reacts to SIGTERM and ends by itself."""

    def exits():
        for _ in range(TRIES):
            with another_service(plain) as container:
                container.get("/")
                yield container.stop(grace=5)

    require(cannot_tell(service.get("/")))
    require(stops_gracefully(exits(), image))


@criterion("arguments-pass", points=10)
def test_arguments_pass(another_service, plain, service, image):
    """Arguments after the image's name reach the program."""
    require(cannot_tell(service.get("/")))
    with another_service(plain, arguments=("--loud",)) as container:
        require(arguments_pass(service.get("/args"), container.get("/args"), image, "--loud"))


@criterion("healthy", points=15)
def test_healthy(another_service, plain, service, image):
    """The health check tells whether the program answers, and the image has no curl."""
    require(cannot_tell(service.get("/")))
    with another_service(plain, health_interval=1.0) as container:
        container.get("/")
        status = container.health(seconds=60.0, failures=5)
        require(healthy(status, container.health_words(), image))
        checks = dict(in_quiet_places(container, another_service, plain, asking(image)))
    require(notices_silence(checks, image))


def in_quiet_places(container, another_service, plain, check):
    """Run the check where nothing answers on the greeter's port: yield each place, and how the check ended."""
    with another_service(plain, **check, networked=False) as alone:
        yield Quiet.ALONE, alone.wait(PATIENCE)
    with another_service(plain, environment={"ADDRESS": f":{ELSEWHERE}"}, port=ELSEWHERE) as elsewhere:
        if elsewhere.get("/").status:  # the image may have settings of its own, and then nothing follows
            with another_service(plain, **check, beside=elsewhere.identity) as asked:
                yield Quiet.ELSEWHERE, asked.wait(PATIENCE)
    with container.paused(), another_service(plain, **check, beside=container.identity) as asked:
        yield Quiet.PAUSED, asked.wait(PATIENCE)


@criterion("no-duplicate-bytes", points=10)
def test_no_duplicate_bytes(image):
    """No file's bytes are shipped twice."""
    require(no_duplicate_bytes(image))
