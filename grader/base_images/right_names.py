"""Whether an image's name can be right though no registry answers, and which name is near to one that is wrong. Pure.

Only what is surely wrong counts as wrong: an image that this machine cannot get stays the machine's fault.
Source of the names: the official images of Docker Hub (https://github.com/docker-library/official-images).
"""

import difflib
import re
from collections.abc import Iterable, Sequence

from grader.dockerfile.references import HUB, Reference, parse_reference

OFFICIAL = frozenset((
    "adminer", "aerospike", "almalinux", "alpine", "alt", "amazoncorretto", "amazonlinux", "api-firewall",
    "arangodb", "archlinux", "backdrop", "bash", "bonita", "buildpack-deps", "busybox", "caddy", "cassandra",
    "centos", "chronograf", "cirros", "clearlinux", "clefos", "clojure", "composer", "consul", "convertigo",
    "couchbase", "couchdb", "crate", "dart", "debian", "docker", "drupal", "eclipse-mosquitto", "eclipse-temurin",
    "eggdrop", "elasticsearch", "elixir", "emqx", "erlang", "express-gateway", "fedora", "flink", "fluentd",
    "friendica", "gazebo", "gcc", "geonetwork", "ghost", "golang", "gradle", "groovy", "haproxy", "haskell", "haxe",
    "hello-world", "hitch", "hitchtools", "hola-mundo", "hylang", "ibex", "ibm-semeru-runtimes", "ibmjava",
    "influxdb", "irssi", "jenkins", "jetty", "jobber", "joomla", "jruby", "julia", "kaazing-gateway", "kapacitor",
    "kibana", "known", "kong", "krakend", "lightstreamer", "liquibase", "logstash", "mageia", "mariadb", "matomo",
    "maven", "mediawiki", "memcached", "mono", "mongo", "mongo-express", "monica", "mysql", "nats",
    "nats-streaming", "neo4j", "neurodebian", "nextcloud", "nginx", "nginx-proxy", "node", "notary", "nuxeo",
    "odoo", "open-liberty", "openjdk", "opensuse", "oraclelinux", "orientdb", "owncloud", "percona", "perl",
    "photon", "php", "php-zendserver", "phpmyadmin", "piwik", "plone", "postfixadmin", "postgres", "pypy", "python",
    "r-base", "rabbitmq", "rakudo-star", "rapidoid", "redis", "redmine", "registry", "rethinkdb", "rocket.chat",
    "rockylinux", "ros", "ruby", "rust", "sapmachine", "satosa", "scratch", "silverpeas", "sl", "solr", "sonarqube",
    "sourcemage", "spark", "spiped", "storm", "swift", "swipl", "teamspeak", "telegraf", "thrift", "tomcat",
    "tomee", "traefik", "ubuntu", "ubuntu-debootstrap", "unit", "valkey", "varnish", "vault", "websphere-liberty",
    "wordpress", "xwiki", "yourls", "znc", "zookeeper",
))  # fmt: skip
"""Names of images without an owner. A name that is not here and was made up by nobody is misspelt."""
_TAG_WORDS = frozenset((
    "alpine", "apache", "bionic", "bookworm", "bullseye", "buster", "buildpack", "cli", "community", "current",
    "debug", "devel", "dev", "edge", "focal", "forky", "fpm", "full", "glibc", "headless", "hydrogen", "iron",
    "jammy", "jdk", "jessie", "jod", "jre", "krypton", "latest", "lts", "mainline", "management", "minimal", "musl",
    "nanoserver", "noble", "nonroot", "onbuild", "otel", "perl", "plucky", "rc", "rolling", "scratch", "sid",
    "slim", "stable", "stretch", "testing", "tiny", "trixie", "trusty", "uclibc", "unprivileged", "unstable",
    "wheezy", "windowsservercore", "xenial", "zts",
))  # fmt: skip
_VERSION = re.compile(r"v?\d+(?:[._]\d+)*(?:(?:a|b|m|p|rc|beta|alpha)\d*)?")
_WORD = re.compile(r"(?P<word>[a-z]+)[\d.]*")
_ALIKE = 0.75
"""difflib's ratio: `apline` is like `alpine` (0.83), `golnag` is like `golang` (0.83)."""
_ALIKE_WHOLE = 0.85


def cannot_be_right(reference: str, known: Sequence[str]) -> bool:
    """Whether `reference` is surely misspelt. `known` are references that serve; a registry was not asked."""
    parsed = parse_reference(reference)
    if parsed is None:
        return True
    if any(parse_reference(other) == parsed for other in known):
        return False
    if not _is_official(parsed):
        return bool(_near_whole(reference, known))
    if parsed.name not in OFFICIAL:
        return True
    return parsed.has_tag and _is_odd_tag(parsed, known)


def nearest(reference: str, known: Sequence[str]) -> str:
    """Return the reference that is meant by a misspelt one; `known` are looked at first. Empty if none is near."""
    parsed = parse_reference(reference)
    if parsed is None or not _is_official(parsed):
        return _near_whole(reference, known)
    if parsed.name in OFFICIAL:
        same = [other for other in known if _name_of(other) == parsed.name]
        return next(iter(difflib.get_close_matches(parsed.familiar, same, n=1, cutoff=_ALIKE)), "")
    names = list(dict.fromkeys(_name_of(other) for other in known if "/" not in other))
    near = _near(parsed.name, names) or _near(parsed.name, sorted(OFFICIAL))
    if not near:
        return ""
    tag = f":{parsed.tag}" if parsed.has_tag else ""
    return f"{near}{tag}"


def _is_official(parsed: Reference) -> bool:
    return parsed.registry == HUB and parsed.repository.startswith("library/")


def _is_odd_tag(parsed: Reference, known: Iterable[str]) -> bool:
    """Whether a part of the tag is almost a word that tags have: of numbers nobody knows which there are."""
    for part in parsed.tag.split("-"):
        match = _WORD.fullmatch(part)
        if match and match["word"] not in _TAG_WORDS and _near(match["word"], sorted(_TAG_WORDS)):
            return True
        if not match and not _VERSION.fullmatch(part) and parsed.familiar not in known:
            words = re.findall(r"[a-z]{4,}", part)
            if any(word in _TAG_WORDS or _near(word, sorted(_TAG_WORDS)) for word in words):
                return True
    return False


def _name_of(reference: str) -> str:
    parsed = parse_reference(reference)
    return parsed.name if parsed else ""


def _near(word: str, words: Sequence[str]) -> str:
    return next(iter(difflib.get_close_matches(word, words, n=1, cutoff=_ALIKE)), "")


def _near_whole(reference: str, known: Sequence[str]) -> str:
    """Return the nearest of `known`, also if a slash is in the place of its colon."""
    with_colon = ":".join(reference.rsplit("/", 1))
    if with_colon in known:
        return with_colon
    return next(iter(difflib.get_close_matches(reference, known, n=1, cutoff=_ALIKE_WHOLE)), "")
