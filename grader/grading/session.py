"""One grading run with all that tests can ask for. Fixtures are thin views of this object; nothing is made here."""

from functools import cached_property

from grader.grading.builds import Builds
from grader.grading.cache_mounts import CacheMounts
from grader.grading.compilers import Compilers
from grader.grading.containers import Containers
from grader.grading.go_runs import GoRuns
from grader.grading.images import Images
from grader.grading.installation import Installations
from grader.grading.package_runs import PackageRuns
from grader.grading.probe import Prober
from grader.grading.run import Run
from grader.record.events import OnEvent
from grader.record.job import Job


class GradingSession:
    """Everything that one run of an exercise's tests asks for. `close` removes what it made."""

    def __init__(self, job: Job, on_event: OnEvent) -> None:
        self.run = Run(job, on_event)
        self.builds = Builds(self.run)
        self.images = Images(self.run, self.builds)
        self.containers = Containers(self.run, self.builds, self.images)

    @cached_property
    def prober(self) -> Prober:
        """What runs scripts inside of the submission's stages."""
        return Prober(self.run.submission.dockerfile, self.builds.attempt, self.containers.laid_out)

    @cached_property
    def installations(self) -> Installations:
        """The installations of npm packages in the images of this run."""
        return Installations(self.builds.attempt, self.images.shipped, self.containers.laid_out)

    @cached_property
    def cache_mounts(self) -> CacheMounts:
        """The cache mounts that this run's builds fill; emptied at the end."""
        mounts = CacheMounts(self.prober)
        _ = self.run.engine, self.run.folder  # they must still exist when the mounts are emptied
        self.run.stack.callback(mounts.forget)
        return mounts

    @cached_property
    def compilers(self) -> Compilers:
        """The stages that compile, for any platform."""
        return Compilers(self.prober, self.run.engine.facts.architecture)

    @cached_property
    def go_runs(self) -> GoRuns:
        """The runs of stages that have Go."""
        return GoRuns(self.prober)

    @cached_property
    def package_runs(self) -> PackageRuns:
        """The runs of steps that install packages."""
        return PackageRuns(self.prober)

    def close(self) -> None:
        """Remove all that was made."""
        self.run.close()
