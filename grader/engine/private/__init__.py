"""The kit's own engine, started where no other one answers: what the rest of the kit may ask of it.

How it is done lies in the modules beside this one; they talk to the operating system, never to the engine's API beyond
asking whether it answers.
"""

from grader.engine.private.lifecycle import EngineStatus, down, host, process_limit, status, up

__all__ = ["EngineStatus", "down", "host", "process_limit", "status", "up"]
