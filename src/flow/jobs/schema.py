"""Installs the queue's own tables (those of the library) into schema jobs, out of reach of the API roles."""

from __future__ import annotations

import psycopg
from procrastinate.schema import SchemaManager

SCHEMA = "jobs"
_GRANTS = """
grant usage on schema jobs to flow_worker, service_role;
grant select, insert, update, delete on all tables in schema jobs to flow_worker, service_role;
grant usage on all sequences in schema jobs to flow_worker, service_role;
grant execute on all functions in schema jobs to flow_worker, service_role;
comment on schema jobs is 'The job queue; made by the library Procrastinate.';
"""
# Pinned, so that a function finds its tables whatever the caller's path is.
_PATHS = """
do $$
declare
    name text;
begin
    for name in select p.oid::regprocedure::text from pg_catalog.pg_proc p where p.pronamespace = 'jobs'::regnamespace
    loop
        execute 'alter function ' || name || ' set search_path = jobs';
    end loop;
end
$$;
"""


def install_queue(owner_url: str) -> bool:
    """Makes the queue's tables as the owner; False if they are there already."""
    with psycopg.connect(owner_url) as connection:
        known = connection.execute("select to_regclass('jobs.procrastinate_jobs')").fetchone()
        if known and known[0]:
            return False
        connection.execute("create schema if not exists jobs")
        # The library's statements name no schema; the path decides where they land.
        connection.execute("set local search_path = jobs")
        connection.execute(SchemaManager.get_schema().encode())
        connection.execute(_GRANTS.encode())
        connection.execute(_PATHS.encode())
    return True
