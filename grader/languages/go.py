"""Go: compiled, with its toolchain in one tree and a build cache that knows every file by its content."""

import re

from grader.languages.model import Advice, Language, PackageCache, Tests, Toolchain

BUILD_CACHE = "/root/.cache/go-build"
"""Where root's build cache is unless GOCACHE says otherwise (`go help cache`)."""
ASK_BUILD_CACHE = "go env GOCACHE"
"""The command that says where the build cache is."""
_MODULE = bytes.fromhex("3077af0c9274080241e1c107e6d618e6") + b"path\t"
"""Before the path of the main package in every Go program's build information (`cmd/go/internal/modload`, infoStart).

Only Go's own programs have a path that begins with `cmd/`: the go command refuses it to others.
"""
GO_TESTS = Tests(
    command="go test -vet=off -v ./...",
    is_there="command -v go > /dev/null",
    passed="--- PASS",
    manifest="go.mod",
    sources="*.go",
    test_files="*_test.go",
    elsewhere=("/usr/local/go/*", "/go/pkg/*"),
)

GO = Language(
    name="Go",
    repositories=("golang",),
    ended={"1.21": (2024, 8), "1.22": (2025, 2), "1.23": (2025, 8), "1.24": (2026, 2), "1.25": (2026, 8)},
    toolchain=Toolchain(
        commands=("go", "tinygo", "gofmt"),
        program_folders=("pkg/tool",),
        folders=("pkg/tool", "src/runtime"),
        product=_MODULE,
        marks=(_MODULE + b"cmd/", _MODULE + b"github.com/tinygo-org/tinygo"),
        is_there="command -v go > /dev/null || [ -x /usr/local/go/bin/go ]",
    ),
    ships_toolchain=True,
    caches=(
        PackageCache("Go's build cache", re.compile(r"(?P<folder>.+)/[0-9a-f]{2}/[0-9a-f]{64}-[ad]")),
        PackageCache("Go's module cache", re.compile(r"(?P<folder>(?:.*/)?pkg/mod/cache)/.+")),
    ),
    compiles=("go build", "go install"),
    advice=(
        Advice(
            re.compile(r"go\.mod file not found|no go files in|directory prefix \S+ does not contain"),
            "go works where go.mod is: WORKDIR must be the folder to which COPY brings it.",
        ),
        Advice(
            re.compile(r"redeclared in this block|found packages "),
            "go compiles all Go files of a folder together: one that does not belong to the program must not be there.",
        ),
        Advice(
            re.compile(r"\.go:\d+:\d+: undefined: "),
            "That name is in another file: name the folder (`.`) to go, and not one file; and copy all of the source.",
        ),
        Advice(
            re.compile(r'c compiler "[^"]+" not found|exec: "(?:gcc|cc|clang)": executable file not found'),
            "With CGO_ENABLED=1 go needs a C compiler, which this image does not have: set it to 0.",
        ),
    ),
    tests_with=("go test",),
)
