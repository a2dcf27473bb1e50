"""Which users a container's processes have on the engine's machine: asked of its `ps`, else read here."""

from docker.api.client import APIClient
from docker.errors import APIError

from grader.engine.listening import user_ids


def users_of(api: APIClient, container_id: str) -> tuple[str, ...]:
    """Return the user of each process (uid, or the name if ps gives no uid); none if nothing can see them."""
    return _top(api, container_id, "-eo pid,uid") or _top(api, container_id, None) or user_ids(container_id)


def _top(api: APIClient, container_id: str, options: str | None) -> tuple[str, ...]:
    """Ask the engine for its machine's `ps`; returns nothing if there is none, or the container has just ended."""
    try:
        table = api.top(container_id, ps_args=options) if options else api.top(container_id)
    except APIError:
        return ()
    titles = [title.upper() for title in table["Titles"]]
    column = next((titles.index(name) for name in ("UID", "USER") if name in titles), None)
    return () if column is None else tuple(row[column].strip() for row in table["Processes"] or ())
