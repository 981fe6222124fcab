"""What a forked process of `flow` finds done already: the application was put together once, and what lives is frozen.

A garbage collector would write to all that was imported, in each fork again, and the system would copy it page by page:
that takes as long as all the rest of a start.
"""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

from tests.routes import application

application(Path(tempfile.gettempdir()))
gc.collect()
gc.freeze()
