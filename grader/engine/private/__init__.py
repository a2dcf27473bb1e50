"""The kit's own engine, started if no other one answers: what the rest of the kit may ask from it.

The other modules of this package do the work; they talk to the operating system, and they only ask the engine's API
whether it answers.
"""

from grader.engine.private.lifecycle import EngineStatus, down, host, process_limit, status, up

__all__ = ["EngineStatus", "down", "host", "process_limit", "status", "up"]
