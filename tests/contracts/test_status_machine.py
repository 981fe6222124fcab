"""The database's status machine, which guards the door, is the one that pages and API offer steps by."""

from __future__ import annotations

from typing import get_args

from flow.business.orders.status import allowed_from
from flow.business.orders.types import Fulfillment, Status
from flow.database.installation import Installation
from tests.connections import kept_connection


def test_both_status_machines_allow_the_same_steps(installation: Installation) -> None:
    every = [(b, a, f) for b in get_args(Status) for a in get_args(Status) for f in get_args(Fulfillment)]
    with kept_connection(installation.owner_url) as connection:
        allowed = {
            step
            for step in every
            if connection.execute("select app.may_follow(%s, %s, %s)", step).fetchone() == (True,)
        }

    assert {(before, after, by) for before, after, by in every if after in allowed_from(before, by)} == allowed
