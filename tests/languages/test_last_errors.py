"""Of a log's last lines, the one that says what went wrong is shown."""

import pytest

from grader.languages.known import last_error_in

NODE = """storefront starts
node:internal/modules/package_json_reader:316
  throw new ERR_MODULE_NOT_FOUND(packageName, fileURLToPath(base), null);
        ^

Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@workshop/router' imported from /app/server.js
    at Object.getPackageJSONURL (node:internal/modules/package_json_reader:316:9) {
  code: 'ERR_MODULE_NOT_FOUND'
}

Node.js v24.1.0
"""


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("one\ntwo\n\n", "two"),
        ("Error: no greeting\nretrying without\n", "retrying without"),
        (NODE, "Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@workshop/router' imported from /app/server.js"),
        ("SyntaxError: Unexpected token\n    at wrapSafe\n\nNode.js v20.1.0\n", "SyntaxError: Unexpected token"),
        ("something else\nNode.js v20.1.0\n", "Node.js v20.1.0"),
        (" \n", ""),
    ],
)
def test_the_last_line_is_shown_unless_node_put_its_version_there(log: str, told: str) -> None:
    """Below an error that nothing caught Node writes a stack, a blank line and its version, which explain nothing."""
    assert last_error_in(log) == told
