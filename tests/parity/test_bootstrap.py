"""On Supabase bootstrap looks, and touches nothing; what it finds wrong it says, and does not patch."""

from __future__ import annotations

import pytest

from flow.database.bootstrap import BootstrapFailed, bootstrap
from tests.parity.conftest import Make
from tests.parity.databases import SECRET
from tests.parity.servers import KINDS

SUPABASE = KINDS[2:]


@pytest.mark.parametrize("kind", SUPABASE)
def test_bootstrap_changes_nothing_on_supabase(make: Make, kind: str) -> None:
    place = make(kind)
    before = place.dump(), place.cluster.dump_roles()

    assert "supabase" == bootstrap(place.installation.admin_url, SECRET)
    assert before == (place.dump(), place.cluster.dump_roles())


@pytest.mark.parametrize("kind", SUPABASE)
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("drop function auth.email()", r"auth\.email"),
        ("grant select on auth.users to authenticated", "authenticated may read auth.users"),
        ("revoke references on auth.users from postgres", "may not reference auth.users"),
        ("alter schema extensions rename to elsewhere", "schema extensions is missing"),
    ],
)
def test_a_damaged_project_is_refused_in_words_and_not_patched(make: Make, kind: str, damage: str, said: str) -> None:
    place = make(kind)
    place.run(damage)
    before = place.dump()

    with pytest.raises(BootstrapFailed, match=said):
        bootstrap(place.installation.admin_url, SECRET)
    assert before == place.dump()


def test_the_names_of_supabase_s_roles_alone_do_not_make_a_project(make: Make) -> None:
    """Roles belong to a whole server: another database on it may be Supabase's."""
    place = make("installed")
    for role in ("supabase_admin", "supabase_auth_admin"):
        place.run(f"create role {role}")
    try:
        assert "plain" == bootstrap(place.installation.admin_url, SECRET)
    finally:
        for role in ("supabase_admin", "supabase_auth_admin"):
            place.run(f"drop role {role}")


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_run_changes_nothing(make: Make, kind: str) -> None:
    place = make(kind)
    bootstrap(place.installation.admin_url, SECRET)
    before = place.dump(), place.cluster.dump_roles()
    bootstrap(place.installation.admin_url, SECRET)

    assert before == (place.dump(), place.cluster.dump_roles())
