"""Where an engine listens and which certificates it asks for, as docker-py and the docker command want to know it."""

import os
from dataclasses import dataclass
from pathlib import Path

from docker.tls import TLSConfig

VERIFY, CERTIFICATES, TLS = "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_TLS"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address, and a folder with `ca.pem`, `cert.pem` and `key.pem` if it is asked with TLS; empty if not."""

    host: str
    certificates: str = ""
    is_verified: bool = True

    @property
    def tls(self) -> TLSConfig | None:
        """What docker-py takes."""
        if not self.certificates:
            return None
        authority, certificate, key = (
            os.path.join(self.certificates, name)  # noqa: PTH118 - the library takes strings
            for name in ("ca.pem", "cert.pem", "key.pem")
        )
        pair = (certificate, key) if Path(certificate).is_file() else None
        known = authority if Path(authority).is_file() else None
        return TLSConfig(client_cert=pair, ca_cert=known, verify=self.is_verified)

    @property
    def environment(self) -> dict[str, str]:
        """What the docker command takes, and no other setting of where to build."""
        if not self.certificates:
            return {"DOCKER_HOST": self.host}
        return {
            "DOCKER_HOST": self.host,
            CERTIFICATES: self.certificates,
            VERIFY if self.is_verified else TLS: "1",
        }
