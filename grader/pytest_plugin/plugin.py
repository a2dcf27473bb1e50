"""The pytest plugin: hooks that delegate, and the fixtures that an exercise's tests ask for.

Loaded by `grader.grading.grade` with `-p grader.pytest_plugin.plugin --workshop-job FILE`. The state is one
`GradingSession`.
"""

import signal
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from grader.criteria.facts import Attempt, Compiler, Installed, Shipped
from grader.engine.container import Container
from grader.exercise.model import Variant
from grader.exercise.nonce import Nonces
from grader.grading.cache_mounts import CacheMounts
from grader.grading.named_files import files_named
from grader.grading.session import GradingSession
from grader.grading.stage_variants import stage_variants
from grader.pytest_plugin.results import criteria_of, result_of, targets_of, write_down
from grader.pytest_plugin.selection import select
from grader.record.events import CriteriaKnown, CriterionJudged, GradingEnded
from grader.record.file import Recorder
from grader.record.job import Job

_KEY = pytest.StashKey[GradingSession]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the job file."""
    parser.addoption("--workshop-job", metavar="FILE", help="the grading job, as grader.record.job writes it")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and open the session; react to a request to end, even if the shell ignores Ctrl-C."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    sys.dont_write_bytecode = True  # an exercise's tests leave nothing in their folder
    config.addinivalue_line("markers", "criterion(id, points): what must be true, and how many points it gives")
    job = Job.read(Path(config.getoption("--workshop-job")))
    recorder = Recorder(Path(job.record))
    config.add_cleanup(recorder.close)
    config.stash[_KEY] = GradingSession(job, recorder)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the requested criteria; what only the others need is not built either, because nothing asks for it."""
    grading = config.stash[_KEY]
    left_out = select(items, grading.run.job.criteria, grading.run.on_event)
    if left_out:
        config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """If an exercise's tests cannot be read, write the reason to the log."""
    report = yield
    if report.failed:
        write_down(report.longreprtext, Path(collector.config.stash[_KEY].run.job.log))
    return report


def pytest_collection_finish(session: pytest.Session) -> None:
    """Record which criteria there are before the first one is judged."""
    grading = session.config.stash[_KEY]
    grading.run.on_event(CriteriaKnown(criteria_of(session.items)))
    grading.containers.reads_plain = any("image" in getattr(item, "fixturenames", ()) for item in session.items)
    grading.builds.targets = targets_of(session.items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Record each criterion's result as soon as it is known."""
    report = yield
    run = item.config.stash[_KEY].run
    result = result_of(item, call, Path(run.job.log))
    if result is not None:
        run.on_event(CriterionJudged(result))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove all that the run made, also after Ctrl-C."""
    grading = session.config.stash[_KEY]
    grading.close()
    grading.run.on_event(GradingEnded())


@pytest.fixture(scope="session")
def grading(request: pytest.FixtureRequest) -> GradingSession:
    """The run: everything else is a view of it."""
    return request.config.stash[_KEY]


@pytest.fixture
def plain(request: pytest.FixtureRequest) -> Variant:
    """The exercise's ordinary build: `PLAIN` in its test module, else the unchanged source."""
    variant: Variant = getattr(request.module, "PLAIN", Variant())
    return variant


@pytest.fixture
def attempt(grading: GradingSession, plain: Variant) -> Attempt:
    """How the ordinary build went."""
    return grading.builds.attempt(plain)


@pytest.fixture
def image(grading: GradingSession, plain: Variant) -> Shipped:
    """The image of the ordinary build; blocked until it builds."""
    return grading.images.shipped(plain)


@pytest.fixture
def service(grading: GradingSession, plain: Variant) -> Container:
    """A container of the ordinary build; blocked until it builds."""
    return grading.containers.container(plain)


@pytest.fixture
def attempts(grading: GradingSession) -> Callable[[Variant], Attempt]:
    """How the build of any variant went."""
    return grading.builds.attempt


@pytest.fixture
def images(grading: GradingSession) -> Callable[[Variant], Shipped]:
    """The image of any variant."""
    return grading.images.shipped


@pytest.fixture
def services(grading: GradingSession) -> Callable[[Variant], Container]:
    """A container of any variant."""
    return grading.containers.container


@pytest.fixture
def stage_images(grading: GradingSession) -> Callable[[Variant], tuple[Shipped, ...]]:
    """The images of the stages that any variant's image takes from, and that image at the end."""

    def read(variant: Variant) -> tuple[Shipped, ...]:
        stages = [stage for _, stage in stage_variants(variant, grading.builds.built(variant))]
        return tuple(grading.images.shipped(stage) for stage in [*stages, variant])

    return read


@pytest.fixture
def cache_mounts(grading: GradingSession) -> CacheMounts:
    """The cache mounts of the builds: `after(variant, texts...)` examines them, `empty(variant)` empties them."""
    return grading.cache_mounts


@pytest.fixture
def compilers(grading: GradingSession) -> Callable[[Variant], tuple[Compiler, ...]]:
    """The stages that compile, in the build of a variant that names a platform."""
    return grading.compilers.of


@pytest.fixture
def go_runs(grading: GradingSession) -> Callable[..., str]:
    """A text that changes if a variant's stages with Go run again, or `exactly` what compiles; empty without Go."""
    return grading.go_runs.mark


@pytest.fixture
def package_runs(grading: GradingSession) -> Callable[[Variant, str], str]:
    """A text that changes if a variant's step that brings a package is run again; empty if no stage has it."""
    return grading.package_runs.mark


@pytest.fixture
def another_service(grading: GradingSession) -> Callable[..., AbstractContextManager[Container]]:
    """Further containers of any variant, with other arguments, entry point or environment."""
    return grading.containers.another


@pytest.fixture
def installed(grading: GradingSession) -> Callable[[Variant], tuple[Installed, ...]]:
    """Where a variant has npm packages: each stage that its image takes from, and the image itself at the end."""
    return grading.installations.of_stages


@pytest.fixture
def read_named(grading: GradingSession, plain: Variant) -> Callable[[Variant, str], Mapping[str, bytes]]:
    """The contents of the files with one name in any variant's image, by path; those of its base are left out."""

    def read(variant: Variant, name: str) -> Mapping[str, bytes]:
        with grading.containers.laid_out(variant) as files:
            return files_named(name, grading.images.shipped(plain), files)

    return read


@pytest.fixture
def nonce(grading: GradingSession) -> Nonces:
    """The run's nonces, by name."""
    return grading.run.nonces


@pytest.fixture
def budgets(grading: GradingSession) -> Mapping[str, int]:
    """The exercise's budgets in bytes, by name."""
    return grading.run.exercise.budgets
