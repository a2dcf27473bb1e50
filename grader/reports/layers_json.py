"""A weighed image as JSON, schema `workshop/layers/v1`: which instruction added which bytes, and where they are.

Only the form is here; what the fields mean is in `grader.image.weights`.
"""

import json
from typing import Any

from grader.codec import as_data
from grader.image.weights import Weighed

SCHEMA = "workshop/layers/v1"


def render(weighed: Weighed) -> str:
    """Return the image as indented JSON in ASCII; sizes are bytes, layers lowest first; ends with a newline."""
    return json.dumps(weighed_data(weighed), indent=2) + "\n"


def weighed_data(weighed: Weighed) -> dict[str, Any]:
    """Return the image as what JSON is made of."""
    image = weighed.image
    return {
        "schema": SCHEMA,
        "subject": weighed.subject,
        "title": weighed.title,
        "size": image.size,
        "base": image.base,
        "added": image.added,
        "hidden": weighed.hidden,
        "starter": weighed.scale.starter,
        "budgets": {"image_size": weighed.scale.budget, "added_size": weighed.added_budget},
        "layers": [
            {**as_data(layer), "files": files, "paths": as_data(paths)}
            for layer, files, paths in zip(image.layers, weighed.files, weighed.paths, strict=True)
        ],
    }
