"""Reads files of one name out of an image, wherever they lie in it. What is in them is for criteria to say."""

from grader.criteria.facts import Shipped
from grader.grading.probe import Files


def files_named(name: str, where: Shipped, files: Files) -> dict[str, bytes]:
    """Return what is in the files called `name`, by path: in `files`, at the places that the image `where` has them.

    So the images of one Dockerfile's variants need not all be read whole. Files of its base are left out.
    """
    own = (path for path, placed in where.tree.items() if placed.layer >= where.base_layers)
    paths = sorted(f"/{path}" for path in own if path.name == name)
    read = {path: files.read_file(path) for path in paths}
    return {path: content for path, content in read.items() if content is not None}
