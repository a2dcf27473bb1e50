"""Go: compiled, with its toolchain in one tree and a build cache that knows every file by its content."""

import re

from grader.languages.model import Language, PackageCache, Tests, Toolchain

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
    tests_with=("go test",),
)
