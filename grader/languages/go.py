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
NONE_RAN = "[ -e /workshop-record/ready ] && [ ! -e /workshop-record/ran ]"
"""A condition for a shell: since `RECORD_RUNS` was run, neither Go's compiler nor its linker has run."""
RECORD_RUNS = """mkdir -p -m 777 /workshop-record && chmod 777 /workshop-record || exit
PATH=$PATH:/usr/local/go/bin
folder=$(go env GOTOOLDIR 2> /dev/null) && [ -n "$folder" ] || exit 0
mkdir -p "$folder/own"
for tool in compile link; do
  [ -x "$folder/$tool" ] || continue
  mv "$folder/$tool" "$folder/own/$tool"
  cat > "$folder/$tool" << EOF
#!/bin/sh
case "\\$*" in *-V=full*) ;; *) : > /workshop-record/ran ;; esac
exec "$folder/own/$tool" "\\$@"
EOF
  chmod 755 "$folder/$tool"
  : > /workshop-record/ready
done
"""
"""A script for any POSIX shell, run by root: it puts a recording script in front of Go's compiler and its linker.

Go runs one of the two, or both, whenever it builds a program, also if its build cache has all packages. It asks each
tool for its version and accepts only the tool's own name in the answer, so the tools keep theirs.
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
