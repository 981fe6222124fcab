"""The commands that come in groups, as people type them."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from flow.cli import app
from flow.database.installation import Installation

SALES = "receipt,at,name,quantity,amount\n1,2026-10-01 12:00,Kaffe,2,60\n2,2026-10-01 13:00,Te,none,25\n"
MAPPING = """
source = "till"
[files.sales]
role = "lines"
[order]
number = "receipt"
ordered_at = "at"
[line]
name = "name"
quantity = "quantity"
amount = "amount"
"""


class Terminal:
    """Runs `flow` against the test's own database."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self.folder = folder
        self.url = installation.owner_url
        self._environment = {"DATABASE_URL": installation.admin_url, "FLOW_HOME": str(folder / "home")}

    def flow(self, *arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(app, arguments, env={**self._environment, **environment})

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql.encode()).fetchall()


@pytest.fixture
def terminal(installation: Installation, tmp_path: Path) -> Terminal:
    (tmp_path / "sales.csv").write_text(SALES)
    (tmp_path / "till.toml").write_text(MAPPING)
    return Terminal(installation, tmp_path)


def test_from_nothing_to_imported_orders_and_back(terminal: Terminal) -> None:
    assert 0 == terminal.flow("restaurant", "add", "Pizzeria Roma", "--slug", "roma").exit_code
    assert (
        0
        == terminal.flow(
            "user", "add", "owner@roma.example", "--restaurant", "roma", FLOW_USER_PASSWORD="a long password"
        ).exit_code
    )
    assert [("roma", "admin")] == terminal.rows(
        "select r.slug, a.role from user_restaurant_access a join restaurants r on r.id = a.restaurant_id"
    )

    files = [
        str(terminal.folder / "sales.csv"),
        "--restaurant",
        "roma",
        "--mapping",
        str(terminal.folder / "till.toml"),
    ]
    done = terminal.flow("import", "orders", *files)

    assert 0 == done.exit_code
    assert "sales.csv line 3: quantity: “none” is no number" in done.output
    assert "Imported 1 orders of 2026-10-01 to 2026-10-01; 0 were there already." in done.output
    assert [(6000,)] == terminal.rows("select total_revenue from daily_metrics where total_orders > 0")

    [import_id] = re.findall(r"flow import undo (\S+)", done.output)
    listed, errors = (
        terminal.flow("import", "list", "--restaurant", "roma"),
        terminal.flow("import", "errors", import_id),
    )

    assert import_id in listed.output
    assert "sales.csv\t3\tquantity: “none” is no number\t2;2026-10-01 13:00;Te;none;25\n" == errors.output

    assert "Removed 1 orders." in terminal.flow("import", "undo", import_id).output
    assert [(0,)] == terminal.rows("select total_revenue from daily_metrics")


def test_strict_ends_with_status_1_and_a_dry_run_writes_nothing(terminal: Terminal) -> None:
    terminal.flow("restaurant", "add", "Pizzeria Roma", "--slug", "roma")
    files = [
        str(terminal.folder / "sales.csv"),
        "--restaurant",
        "roma",
        "--mapping",
        str(terminal.folder / "till.toml"),
    ]

    assert (
        "1 orders could be imported. Nothing was written."
        in terminal.flow("import", "orders", *files, "--dry-run").output
    )
    assert 1 == terminal.flow("import", "orders", *files, "--strict").exit_code
    assert [] == terminal.rows("select from orders")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("restaurant", "add", "Roma", "--slug", "Roma!"), "a slug is 2 to 31 of a-z"),
        (("restaurant", "add", "Roma", "--slug", "roma", "--time-zone", "Mars"), "there is no time zone Mars"),
        (
            ("import", "orders", "x.csv", "--restaurant", "nobody", "--mapping", "order_lines"),
            "There is no such restaurant",
        ),
        (("import", "undo", "01a2007c-8d1d-745a-9930-864e7ee0432c"), "There is no such import"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(terminal: Terminal, arguments: tuple[str, ...], said: str) -> None:
    failed = terminal.flow(*arguments)

    assert said in str(failed.exception)


def test_the_same_slug_is_taken_once(terminal: Terminal) -> None:
    terminal.flow("restaurant", "add", "Pizzeria Roma", "--slug", "roma")

    assert "has this slug already" in str(terminal.flow("restaurant", "add", "Roma", "--slug", "roma").exception)


def test_simulate_adds_the_restaurants_once(terminal: Terminal) -> None:
    first, again = terminal.flow("simulate", "--size", "0.001"), terminal.flow("simulate")

    assert (0, 0) == (first.exit_code, again.exit_code)
    assert "Napoli: " in first.output
    assert "The simulated restaurants are there already." in again.output
    assert [(4,)] == terminal.rows("select count(*) from restaurants where is_simulated")


def test_a_lost_second_factor_is_forgotten_and_its_owner_logged_out(terminal: Terminal) -> None:
    terminal.flow("restaurant", "add", "Pizzeria Roma", "--slug", "roma")
    terminal.flow("user", "add", "owner@roma.example", "--restaurant", "roma", FLOW_USER_PASSWORD="a long password")
    with psycopg.connect(terminal.url) as connection:
        connection.execute(
            "insert into public.user_2fa_settings (user_id, secret_sealed, enabled_at) "
            "select id, 'x', now() from auth.users"
        )
        connection.execute(
            "insert into app.login_sessions (id, user_id, expires_at) "
            "select gen_random_uuid(), id, now() + interval '1 day' from auth.users"
        )
    done = terminal.flow("user", "forget-second-factor", "Owner@roma.example")
    again = terminal.flow("user", "forget-second-factor", "owner@roma.example")
    nobody = terminal.flow("user", "forget-second-factor", "nobody@roma.example")

    assert (0, True) == (done.exit_code, "by password alone now" in done.output)
    assert [(0, 0)] == terminal.rows(
        "select (select count(*) from public.user_2fa_settings), "
        "(select count(*) from app.login_sessions where ended_at is null)"
    )
    assert [("second_factor_removed", "service")] == terminal.rows(
        "select action, performed_by_role from public.gdpr_audit_log where action like 'second%'"
    )
    assert 0 not in (again.exit_code, nobody.exit_code)
