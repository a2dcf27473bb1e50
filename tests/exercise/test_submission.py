"""Taking a submission: what is refused, in which words, and what never reaches the build context."""

import os
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import ContentError, UsageError
from grader.exercise.model import OWN_IGNORE, Exercise, Variant
from grader.exercise.nonce import Nonces
from grader.exercise.submission import SIZE_CAP, IgnoreFile, Submission, first_stages, lay_out, take_submission
from tests.exercise.stray import strew, without_rights


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """An exercise with a source file, a folder, and files of the kit's own."""
    directory = tmp_path / "exercises" / "07-example"
    (directory / "web").mkdir(parents=True)
    for name in ("README.md", "exercise.toml", "test_exercise.py", "Dockerfile", ".dockerignore"):
        (directory / name).write_text("the kit's own\n")
    (directory / "main.go").write_text("package main\n")
    (directory / "web" / "page.html").write_text("<p>\n")
    editable, files = ("Dockerfile", ".dockerignore"), ("main.go", "web/page.html")
    return Exercise(7, "example", "Example", 5, editable, (), (), {}, directory, tmp_path / "solutions", files)


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A learner's folder."""
    folder = tmp_path / "handed in"
    folder.mkdir()
    return folder


NONCES = Nonces("key", "example")


def test_the_digest_is_what_the_documents_say(exercise: Exercise, handed_in: Path) -> None:
    """`sha256sum` of the files, and of what it prints; it changes with each byte, and with a file more."""
    (handed_in / "Dockerfile").write_text("FROM scratch\n")
    (handed_in / ".dockerignore").write_text("*\n")
    both = take_submission(exercise, handed_in).digest
    asked = ["sh", "-c", "sha256sum .dockerignore Dockerfile | sha256sum"]
    printed = subprocess.run(asked, cwd=handed_in, capture_output=True, check=True, text=True).stdout
    assert both == f"sha256:{printed.split()[0]}"
    (handed_in / "main.go").write_text("not taken\n")
    assert take_submission(exercise, handed_in).digest == both
    (handed_in / ".dockerignore").unlink()
    one = take_submission(exercise, handed_in).digest
    (handed_in / "Dockerfile").write_text("FROM scratch \n")
    assert len({both, one, take_submission(exercise, handed_in).digest}) == 3
    assert Submission({}).digest == ""


class TestTaking:
    """`take_submission`."""

    def test_only_editable_files_are_taken(self, exercise: Exercise, handed_in: Path) -> None:
        """A learner cannot bring a main.go of their own."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        (handed_in / "main.go").write_text("package cheat\n")
        assert take_submission(exercise, handed_in).files == {"Dockerfile": b"FROM scratch\n"}

    def test_a_folder_without_a_dockerfile_is_told_where_to_put_it(self, exercise: Exercise, handed_in: Path) -> None:
        """The folder that was looked in is named."""
        refusal = take_submission(exercise, handed_in).refusal
        assert refusal is not None
        assert str(handed_in) in refusal.actual

    def test_a_file_that_nearly_has_the_name_is_offered(self, exercise: Exercise, handed_in: Path) -> None:
        """Windows editors write Dockerfile.txt."""
        (handed_in / "Dockerfile.txt").write_text("FROM scratch\n")
        refusal = take_submission(exercise, handed_in).refusal
        assert refusal is not None
        assert "Rename Dockerfile.txt" in refusal.hint

    @pytest.mark.parametrize("name", ["dockerignore", ".dockerignore.txt", "backend/.dockerignore"])
    def test_what_may_be_meant_for_a_dockerignore_is_named(
        self, exercise: Exercise, handed_in: Path, name: str
    ) -> None:
        """It is not taken, and feedback can say why nothing is ignored."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        (handed_in / name).parent.mkdir(exist_ok=True)
        (handed_in / name).write_text("*.log\n")
        taken = take_submission(exercise, handed_in)
        assert (taken.ignore_file.text, taken.ignore_file.near) == (None, name)
        (handed_in / ".dockerignore").write_text("*.tmp\n")
        assert take_submission(exercise, handed_in).ignore_file == IgnoreFile("*.tmp\n")

    def test_the_ignore_file_of_the_dockerfile_goes_before_the_other(self, exercise: Exercise, handed_in: Path) -> None:
        """As BuildKit does, even if there is nothing in it."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        both = replace(exercise, editable=(*exercise.editable, OWN_IGNORE))
        (handed_in / ".dockerignore").write_text("*.tmp\n")
        (handed_in / OWN_IGNORE).write_text("")
        taken = take_submission(both, handed_in)
        assert taken.ignore_file == IgnoreFile("", name=OWN_IGNORE, unread=".dockerignore")
        (handed_in / ".dockerignore").unlink()
        assert take_submission(both, handed_in).ignore_file == IgnoreFile("", name=OWN_IGNORE)

    @pytest.mark.parametrize("content", ["*.log\n".encode("utf-16"), "*.log\n".encode("utf-16-le"), b"*.log\n\0"])
    @pytest.mark.parametrize("name", [".dockerignore", OWN_IGNORE])
    def test_an_ignore_file_that_is_not_text_is_refused(
        self, exercise: Exercise, handed_in: Path, name: str, content: bytes
    ) -> None:
        """Builders end with words about a broken stream. The line is not one of the Dockerfile."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        (handed_in / name).write_bytes(content)
        refusal = take_submission(replace(exercise, editable=(*exercise.editable, OWN_IGNORE)), handed_in).refusal
        assert refusal is not None
        assert (refusal.file, refusal.lines) == (name, ())
        assert refusal.actual.startswith(f"{name} is not text: line ")

    @pytest.mark.parametrize("content", [b"# gr\xfc\xdfe\n*.log\n", b"\xef\xbb\xbf*.log\n", b"*.log\r\n", b""])
    def test_an_ignore_file_that_builders_read_is_taken(
        self, exercise: Exercise, handed_in: Path, content: bytes
    ) -> None:
        """Bytes that are not UTF-8, a byte order mark, line ends of Windows."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        (handed_in / ".dockerignore").write_bytes(content)
        assert take_submission(exercise, handed_in).refusal is None

    def test_an_ignore_file_that_is_too_long_or_no_file_is_refused(self, exercise: Exercise, handed_in: Path) -> None:
        """Its hint is about patterns."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        (handed_in / ".dockerignore").write_bytes(b"*.log\n" * 2_000_000)
        refusal = take_submission(exercise, handed_in).refusal
        assert refusal is not None
        assert (refusal.actual, refusal.hint) == (".dockerignore has 12.0 MB", "Leave only patterns in it.")
        (handed_in / ".dockerignore").unlink()
        os.mkfifo(handed_in / ".dockerignore")
        refusal = take_submission(exercise, handed_in).refusal
        assert refusal is not None
        assert "pipe" in refusal.actual

    def test_a_folder_that_cannot_be_read_only_costs_the_hint(self, exercise: Exercise) -> None:
        """Another user's folder next to the Dockerfile is no reason to stop, nor one whose files cannot be listed."""
        with without_rights() as folder:
            (folder / "locked").mkdir(mode=0o000)
            missing = take_submission(exercise, folder).refusal
            (folder / "Dockerfile").write_text("FROM scratch\n")
            taken = take_submission(exercise, folder)
            folder.chmod(0o333)
            unlisted = take_submission(exercise, folder)
            folder.chmod(0o777)
        assert missing is not None
        assert "capital D" in missing.hint
        assert (taken.refusal, taken.near) == (None, "")
        assert unlisted == taken

    def test_a_dockerfile_that_may_not_be_read_is_refused(self, exercise: Exercise) -> None:
        """It says so, whether the file or its folder is closed."""
        with without_rights() as folder:
            (folder / "Dockerfile").touch(mode=0o000)
            closed = take_submission(exercise, folder).refusal
            (folder / "Dockerfile").chmod(0o644)
            (folder / ".dockerignore").touch()
            (folder / "locked").mkdir()
            (folder / "locked" / "Dockerfile").touch()
            (folder / "locked").chmod(0o000)
            inside = take_submission(exercise, folder / "locked").refusal
        for refusal in (closed, inside):
            assert refusal is not None
            assert refusal.actual == "Dockerfile cannot be read: Permission denied"

    def test_a_dockerfile_can_be_cut_after_any_stage(self) -> None:
        """Stages without a name cannot be asked for as a target; the lines above keep their numbers."""
        text = b"ARG A=1\n# first\nFROM a\nRUN one\n\nFROM b\nRUN two\nFROM c\n"
        submission = Submission({"Dockerfile": text, ".dockerignore": b"x\n"})
        assert first_stages(submission, 1).files["Dockerfile"] == b"ARG A=1\n# first\nFROM a\nRUN one\n"
        assert first_stages(submission, 1).files[".dockerignore"] == b"x\n"
        assert first_stages(submission, 2).dockerfile == text.decode().removesuffix("FROM c\n")
        for count in (0, 3, 4):
            assert first_stages(submission, count).dockerfile == text.decode()

    def test_a_directory_in_its_place_is_refused(self, exercise: Exercise, handed_in: Path) -> None:
        """It is said that it is a folder."""
        (handed_in / "Dockerfile").mkdir()
        refusal = take_submission(exercise, handed_in).refusal
        assert refusal is not None
        assert "is a folder" in refusal.actual

    def test_a_link_is_never_followed(self, exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
        """Not even one to a right Dockerfile: in class it could be another learner's."""
        (tmp_path / "other").write_text("FROM scratch\n")
        (handed_in / "Dockerfile").symlink_to(tmp_path / "other")
        submission = take_submission(exercise, handed_in)
        assert submission.files == {}
        assert submission.refusal is not None
        assert "symbolic link" in submission.refusal.actual

    def test_a_linked_dockerignore_is_refused_too(self, exercise: Exercise, handed_in: Path) -> None:
        """The rule is for every file of a submission."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        (handed_in / ".dockerignore").symlink_to("/etc/passwd")
        assert take_submission(exercise, handed_in).refusal is not None

    @pytest.mark.parametrize("kind", ["pipe", "socket"])
    def test_a_device_does_not_hang_it(self, exercise: Exercise, handed_in: Path, kind: str) -> None:
        """Opening a pipe would wait for ever."""
        if kind == "pipe":
            os.mkfifo(handed_in / "Dockerfile")
        else:
            here = Path.cwd()
            os.chdir(handed_in)
            try:
                with socket.socket(socket.AF_UNIX) as listening:
                    listening.bind("Dockerfile")
            finally:
                os.chdir(here)
        refusal = take_submission(exercise, handed_in).refusal
        assert refusal is not None
        assert "device, pipe or socket" in refusal.actual

    def test_twenty_megabytes_are_refused_unread(self, exercise: Exercise, handed_in: Path) -> None:
        """The size is named, and the limit."""
        with (handed_in / "Dockerfile").open("wb") as file:
            file.truncate(20_000_000)
        refusal = take_submission(exercise, handed_in).refusal
        assert refusal is not None
        assert "20.0 MB" in refusal.actual
        assert str(SIZE_CAP // 1_000_000) in refusal.expected

    @pytest.mark.parametrize("content", [b"", b"\n \n\t\n"])
    def test_an_empty_one_is_told_to_begin_with_from(self, exercise: Exercise, handed_in: Path, content: bytes) -> None:
        """White space is nothing."""
        (handed_in / "Dockerfile").write_bytes(content)
        refusal = take_submission(exercise, handed_in).refusal
        assert refusal is not None
        assert "empty" in refusal.actual

    def test_a_binary_one_is_told_the_line(self, exercise: Exercise, handed_in: Path) -> None:
        """UTF-16, as some editors save, has zero bytes too."""
        (handed_in / "Dockerfile").write_bytes(b"FROM scratch\nCOPY \0\0 /\n")
        refusal = take_submission(exercise, handed_in).refusal
        assert refusal is not None
        assert "line 2" in refusal.actual

    def test_bytes_that_are_not_utf_8_are_read_all_the_same(self, exercise: Exercise, handed_in: Path) -> None:
        """A Latin-1 comment builds, so it is no reason to refuse."""
        (handed_in / "Dockerfile").write_bytes(b"# gr\xfc\xdfe\nFROM scratch\n")
        submission = take_submission(exercise, handed_in)
        assert submission.refusal is None
        assert "FROM scratch" in submission.dockerfile

    def test_a_folder_that_is_not_there_is_a_usage_error(self, exercise: Exercise, tmp_path: Path) -> None:
        """Nobody's points are at stake."""
        with pytest.raises(UsageError, match="nowhere"):
            take_submission(exercise, tmp_path / "nowhere")


class TestLayingOut:
    """`lay_out`."""

    def context(self, exercise: Exercise, handed_in: Path, variant: Variant, into: Path) -> dict[str, str]:
        """Lay out and return the context's files."""
        lay_out(exercise, take_submission(exercise, handed_in), variant, NONCES, into)
        return {str(path.relative_to(into)): path.read_text() for path in into.rglob("*") if path.is_file()}

    def test_the_context_is_pristine_source_and_submission(
        self, exercise: Exercise, handed_in: Path, tmp_path: Path
    ) -> None:
        """The kit's own files and the starter stay out; what the learner left out is left out."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        files = self.context(exercise, handed_in, Variant(), tmp_path / "context")
        assert files == {"Dockerfile": "FROM scratch\n", "main.go": "package main\n", "web/page.html": "<p>\n"}

    def test_only_the_files_that_the_exercise_lists_are_part_of_it(
        self, exercise: Exercise, handed_in: Path, tmp_path: Path
    ) -> None:
        """In a clone learners work where the source is: what they and their tools leave there is not graded."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        strew(exercise.directory)
        files = self.context(exercise, handed_in, Variant(), tmp_path / "context")
        assert set(files) == {"Dockerfile", "main.go", "web/page.html"}

    @pytest.mark.parametrize("kind", ["missing", "pipe", "link", "folder"])
    def test_a_listed_file_that_is_not_there_is_named(
        self, exercise: Exercise, handed_in: Path, tmp_path: Path, kind: str
    ) -> None:
        """It is the exercise that is wrong, and its `exercise.toml` is where to look."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        path = exercise.directory / "main.go"
        path.unlink()
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "link":
            path.symlink_to("README.md")
        elif kind == "folder":
            path.mkdir()
        with pytest.raises(ContentError, match=r"07-example/exercise.toml lists main.go, which "):
            self.context(exercise, handed_in, Variant(), tmp_path / "context")

    def test_a_variant_plants_nonces(self, exercise: Exercise, handed_in: Path, tmp_path: Path) -> None:
        """Files are written and appended to, by name and by pattern."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        variant = Variant(writes={"greeting.txt": "from {greeting}"}, appends={"*.go": "// {source}\n"})
        files = self.context(exercise, handed_in, variant, tmp_path / "context")
        assert files["greeting.txt"] == f"from {NONCES('greeting')}"
        assert files["main.go"] == f"package main\n// {NONCES('source')}\n"
        assert NONCES("greeting") != NONCES("source")

    def test_a_variant_plants_files_whose_names_nobody_knows(
        self, exercise: Exercise, handed_in: Path, tmp_path: Path
    ) -> None:
        """A nonce may be in the name of a file and of its folder, too."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        variant = Variant(writes={"{one}/server-{two}.log": "from {two}"})
        files = self.context(exercise, handed_in, variant, tmp_path / "context")
        assert files[f"{NONCES('one')}/server-{NONCES('two')}.log"] == f"from {NONCES('two')}"

    def test_a_dockerfile_of_the_variant_is_built_as_it_is(
        self, exercise: Exercise, handed_in: Path, tmp_path: Path
    ) -> None:
        """It may be a learner's in part, and braces in it are variables of theirs."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        text = "ARG go=1.26\nFROM golang:${go}\n"
        files = self.context(exercise, handed_in, Variant(dockerfile=text), tmp_path / "context")
        assert files["Dockerfile"] == text

    def test_the_same_files_have_the_same_modes_everywhere(
        self, exercise: Exercise, handed_in: Path, tmp_path: Path
    ) -> None:
        """Modes are part of BuildKit's cache key, and a learner's umask is not."""
        (handed_in / "Dockerfile").write_text("FROM scratch\n")
        (exercise.directory / "main.go").chmod(0o600)
        self.context(exercise, handed_in, Variant(), tmp_path / "context")
        assert (tmp_path / "context" / "main.go").stat().st_mode & 0o777 == 0o644
