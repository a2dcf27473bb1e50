"""A client of one registry, with only what the mirror of a room needs: reading and writing manifests and blobs.

The API is https://distribution.github.io/distribution/spec/api/. `mirror_images.py` says
which images go there, and how an engine gets them.
"""

import hashlib
import http.client
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from grader.dockerfile.references import HUB, Reference
from grader.engine.faults import RegistryUnreachableError
from grader.errors import MachineError, UsageError

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
_READABLE = f"{MANIFEST}, application/vnd.oci.image.manifest.v1+json"
_SECONDS = 10.0
"""How long the registry may send nothing."""
_CHUNK = 1 << 18
_ATTEMPTS = 5
"""How many times in a row the transfer of a blob may stop before a single byte has arrived."""
_SMALL = 8_000_000


@dataclass(frozen=True, slots=True)
class Blob:
    """What a manifest says about one blob: its digest and its bytes."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One image in a registry: its configuration and its layers, from the base up."""

    config: Blob
    layers: tuple[Blob, ...]
    digest: str

    @property
    def size(self) -> int:
        """The number of bytes to fetch for it."""
        return sum(layer.size for layer in dict.fromkeys((self.config, *self.layers)))


def repository_in_mirror(reference: Reference) -> str:
    """Return an image's name in a mirror: Docker Hub's keep their names, others come after their registry's name."""
    if reference.registry == HUB:
        return reference.repository
    return f"{reference.registry.lower().replace(':', '_')}/{reference.repository}"


class Registry:
    """A registry at `HOST:PORT`, or at a URL; `HOST:PORT` means plain HTTP, as in a room."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        try:
            host, self._port = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https") or parts.path.strip("/"):
            raise UsageError(f"`{address}` is not the address of a registry. Write it as HOST:PORT.")
        self.address = parts.netloc
        self._host = host
        self._secure = parts.scheme == "https"

    def answers(self) -> bool:
        """Whether a registry answers."""
        try:
            with self._asking("GET", "/v2/") as response:
                return response.status == HTTPStatus.OK
        except RegistryUnreachableError:
            return False

    def repositories(self) -> tuple[str, ...]:
        """The names of all images that it has; up to a thousand."""
        with self._asking("GET", "/v2/_catalog?n=1000") as response:
            raw = _json(response, self.address) if response.status == HTTPStatus.OK else {}
        return tuple(raw.get("repositories") or ())

    def manifest(self, repository: str, tag: str) -> Manifest | None:
        """Return what it has with that name, or None.

        Raises:
            RegistryUnreachableError: it does not answer.

        """
        with self._asking("GET", f"/v2/{repository}/manifests/{tag}", {"Accept": _READABLE}) as response:
            if response.status != HTTPStatus.OK:
                return None
            digest = response.headers.get("Docker-Content-Digest", "")
            raw = _json(response, self.address)
        try:
            blobs = [Blob(entry["digest"], entry["size"]) for entry in (raw["config"], *raw["layers"])]
        except (KeyError, TypeError):
            return None
        return Manifest(blobs[0], tuple(blobs[1:]), digest)

    def blob(self, repository: str, blob: Blob) -> Iterator[bytes]:
        """Stream a blob; after a lost connection, continue from the same point.

        Raises:
            RegistryUnreachableError: it does not answer, or the connection breaks again and again.
            MachineError: the bytes differ from what the manifest says.

        """
        digest, done, vain = hashlib.sha256(), 0, 0
        while done < blob.size:
            before = done
            try:
                for chunk in self._rest_of(repository, blob, done):
                    digest.update(chunk)
                    done += len(chunk)
                    yield chunk
            except RegistryUnreachableError:
                vain = 0 if done > before else vain + 1
                if vain >= _ATTEMPTS or (done == 0 and vain):
                    raise
        if f"sha256:{digest.hexdigest()}" != blob.digest:
            raise MachineError(
                f"The registry at {self.address} is damaged: the bytes of {repository} do not match their checksum."
            )

    def push_blob(self, repository: str, chunks: Iterable[bytes]) -> Blob:
        """Send a blob whose digest is known only at its end; return its digest and size."""
        with self._asking("POST", f"/v2/{repository}/blobs/uploads/") as response:
            place = self._place(response, HTTPStatus.ACCEPTED)
        counting = _Counting(chunks)
        headers = {"Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"}
        with self._asking("PATCH", place, headers, counting) as response:
            place = self._place(response, HTTPStatus.ACCEPTED)
        blob = counting.blob
        mark = "&" if "?" in place else "?"
        with self._asking("PUT", f"{place}{mark}{urlencode({'digest': blob.digest})}") as response:
            self._require(response, HTTPStatus.CREATED)
        return blob

    def push_manifest(self, repository: str, tag: str, config: Blob, layers: Iterable[Blob]) -> None:
        """Give a name to an image; all its blobs are already in the registry."""
        body = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "size": config.size, "digest": config.digest},
            "layers": [{"mediaType": LAYER, "size": layer.size, "digest": layer.digest} for layer in layers],
        }
        path = f"/v2/{repository}/manifests/{tag}"
        with self._asking("PUT", path, {"Content-Type": MANIFEST}, json.dumps(body).encode()) as response:
            self._require(response, HTTPStatus.CREATED)

    def _rest_of(self, repository: str, blob: Blob, start: int) -> Iterator[bytes]:
        headers = {"Range": f"bytes={start}-"} if start else {}
        with self._asking("GET", f"/v2/{repository}/blobs/{blob.digest}", headers) as response:
            self._require(response, HTTPStatus.PARTIAL_CONTENT if start else HTTPStatus.OK)
            left = blob.size - start
            while left > 0:
                chunk = response.read(min(_CHUNK, left))
                if not chunk:
                    raise RegistryUnreachableError(f"The registry at {self.address} stopped sending too early.")
                left -= len(chunk)
                yield chunk

    @contextmanager
    def _asking(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | Iterable[bytes] = b""
    ) -> Iterator[http.client.HTTPResponse]:
        """Ask without a proxy: a room's mirror is near, and a company's proxy is not."""
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        try:
            with closing(kind(self._host, self._port, timeout=_SECONDS)) as connection:
                chunked = "Transfer-Encoding" in (headers or {})
                connection.request(method, path, body, dict(headers or {}), encode_chunked=chunked)
                with connection.getresponse() as response:
                    yield response
        except (OSError, http.client.HTTPException) as error:
            reason = "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
            raise RegistryUnreachableError(f"The registry at {self.address} does not answer: {reason}.") from error

    def _place(self, response: http.client.HTTPResponse, status: HTTPStatus) -> str:
        self._require(response, status)
        parts = urlsplit(urljoin("/", response.headers.get("Location", "")))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _require(self, response: http.client.HTTPResponse, status: HTTPStatus) -> None:
        if response.status != status:
            said = " ".join(response.read(500).decode("utf-8", "replace").split())
            raise MachineError(f"The registry at {self.address} refuses ({response.status}): {said or response.reason}")


class _Counting:
    """Passes chunks on, and knows their digest and size at the end."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._digest = hashlib.sha256()
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._digest.update(chunk)
            self._size += len(chunk)
            if chunk:  # an empty one would end the body
                yield chunk

    @property
    def blob(self) -> Blob:
        return Blob(f"sha256:{self._digest.hexdigest()}", self._size)


def _json(response: http.client.HTTPResponse, address: str) -> dict[str, Any]:
    try:
        raw = json.loads(response.read(_SMALL))
    except ValueError as error:
        raise RegistryUnreachableError(f"The program that answers at {address} is not a registry.") from error
    return raw if isinstance(raw, dict) else {}
