"""Go: compiled, with its toolchain in one tree and a build cache that knows every file by its content."""

import re

from grader.languages.model import Language, PackageCache, Tests, Toolchain

BUILD_CACHE = "/root/.cache/go-build"
"""Where root's build cache is unless GOCACHE says otherwise (`go help cache`)."""
ASK_BUILD_CACHE = "go env GOCACHE"
"""The command that says where the build cache is."""
GO_TESTS = Tests(
    command="go test -vet=off -v ./...",
    is_there="command -v go > /dev/null",
    passed="--- PASS",
    manifest="go.mod",
    sources="*.go",
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
