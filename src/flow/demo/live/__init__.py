"""Live guests: they visit and order through the web process's own doors, as browsers do, while somebody watches."""

from flow.demo.live.run import Tally, run_live

__all__ = ["Tally", "run_live"]
