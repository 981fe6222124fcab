"""Walks the matrix of roles by SQL, in the catalog and over HTTP, then opens everything by hand, one thing at a time.

`make permission-matrix`. The walk is the contract test's, in tests/contracts/matrix; here every policy, grant, guard,
function and permission is opened, while the test takes a sample. The last line is the figure; the exit status is 1 when
a cell is wrong or an opening went unnoticed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from tests.contracts.matrix import catalog
from tests.contracts.matrix.mutations import Outcome, all_mutations, try_out
from tests.contracts.matrix.routes import walk_routes
from tests.contracts.matrix.walk import Expectation, Findings, walk
from tests.contracts.matrix.world import make_world

from flow.access.roles.matrix import matrix
from flow.database.installation import Installation, installation
from flow.settings import Settings


def main() -> None:
    """Runs the proof; status 1 when it fails."""
    with _place() as (place, home):
        expected = Expectation(make_world(place), matrix())
        parts = _parts(expected, home)
        outcomes = _open_by_hand(place.admin_url, expected)
        expected.close()
    wrong = [cell for part in parts for cell in part.wrong]
    unnoticed = [outcome.mutation.statement for outcome in outcomes if not outcome.caught]
    for line in (*wrong[:50], *(f"unnoticed: {statement}" for statement in unnoticed)):
        print(line, file=sys.stderr)
    cells, caught = sum(part.cells for part in parts), len(outcomes) - len(unnoticed)
    print(f"permission-matrix: cells={cells} wrong={len(wrong)} mutations_caught={caught}/{len(outcomes)}")
    sys.exit(1 if wrong or unnoticed else 0)


def _parts(expected: Expectation, home: Path) -> list[Findings]:
    place = expected.world.installation
    with psycopg.connect(place.api_url) as people, psycopg.connect(place.admin_url) as owner:
        return [
            _told("by SQL, as each kind of person", lambda: walk(people, expected)),
            _told("in the catalog", lambda: catalog.check(owner, matrix())),
            _told(
                "over HTTP, as each kind of person", lambda: walk_routes(expected, home, superuser_url=place.admin_url)
            ),
        ]


def _told(how: str, look: Callable[[], Findings]) -> Findings:
    began = time.monotonic()
    found = look()
    print(f"{how}: {found.cells} cells, {len(found.wrong)} wrong, {time.monotonic() - began:.1f} s", flush=True)
    return found


def _open_by_hand(admin_url: str, expected: Expectation) -> list[Outcome]:
    began = time.monotonic()
    with psycopg.connect(admin_url) as connection:
        outcomes = [try_out(connection, expected, mutation) for mutation in list(all_mutations(connection))]
    for kind, number in sorted(Counter(outcome.mutation.kind for outcome in outcomes).items()):
        of_kind = [outcome for outcome in outcomes if outcome.mutation.kind == kind]
        caught, walked = sum(each.caught for each in of_kind), sum(each.by_walking for each in of_kind)
        print(f"opened by hand, {kind}: {number}, noticed {caught}, {walked} of them by walking as people", flush=True)
    print(f"opened and closed in {time.monotonic() - began:.0f} s", flush=True)
    return outcomes


@contextmanager
def _place() -> Iterator[tuple[Installation, Path]]:
    with tempfile.TemporaryDirectory(prefix="flow-matrix-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        place = installation(Settings(home=home, database_url=None))
        with place.running():
            place.prepare()
            yield place, home


if __name__ == "__main__":
    main()
