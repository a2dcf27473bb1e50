"""Reads all files with one name in an image, from any folder. Criteria judge what they contain."""

from grader.criteria.facts import Shipped
from grader.grading.probe import Files


def files_named(name: str, where: Shipped, files: Files) -> dict[str, bytes]:
    """Return the contents of the files called `name`, by path: read from `files`, at the places known from `where`.

    So the images of one Dockerfile's variants need not all be read completely. Files of its base are left out.
    """
    own = (path for path, placed in where.tree.items() if placed.layer >= where.base_layers)
    paths = sorted(f"/{path}" for path in own if path.name == name)
    read = {path: files.read_file(path) for path in paths}
    return {path: content for path, content in read.items() if content is not None}
