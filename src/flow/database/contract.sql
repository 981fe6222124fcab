-- What FLOW needs of its database, plain or Supabase. Every row that this returns is a fault, in words.
with expected_role (name, bypasses) as (
    values ('anon', false), ('authenticated', false), ('service_role', true)
)
select format('role %s is missing', e.name) as fault
from expected_role e where to_regrole(e.name) is null
union all
select format('role %s must %shave BYPASSRLS', e.name, case when e.bypasses then '' else 'not ' end)
from expected_role e join pg_roles r on r.rolname = e.name where r.rolbypassrls <> e.bypasses
union all
select format('role %s must not be a superuser', r.rolname)
from expected_role e join pg_roles r on r.rolname = e.name where r.rolsuper
union all
select format('function auth.%s() returning %s and STABLE is missing', f.name, f.type)
from (values ('uid', 'uuid'), ('role', 'text'), ('email', 'text'), ('jwt', 'jsonb')) f (name, type)
where not exists (
    select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'auth' and p.proname = f.name and p.pronargs = 0
      and p.prorettype = f.type::regtype and p.provolatile = 's'
)
union all
select 'table auth.users with primary key id uuid is missing'
where not exists (
    select from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.conrelid = to_regclass('auth.users') and c.contype = 'p' and cardinality(c.conkey) = 1
      and a.attname = 'id' and a.atttypid = 'uuid'::regtype
)
union all
select format('role %s may not reference auth.users', current_user)
where to_regclass('auth.users') is not null and not has_table_privilege('auth.users', 'references')
union all
select 'role authenticated may read auth.users'
where to_regclass('auth.users') is not null and to_regrole('authenticated') is not null
  and has_table_privilege('authenticated', 'auth.users', 'select')
union all
select 'schema extensions is missing' where to_regnamespace('extensions') is null
union all
select format('role %s cannot become authenticated', current_user)
where to_regrole('authenticated') is not null and not pg_has_role(current_user, 'authenticated', 'member')
union all
select format('PostgreSQL %s is too old; FLOW needs 15 or newer', current_setting('server_version'))
where current_setting('server_version_num')::int < 150000
