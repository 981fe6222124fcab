-- A database with the roles and rights that a Supabase project gives its customer: the superuser is somebody else's,
-- `postgres` owns the database and little more, and schema `auth` belongs to the authentication service. Written after
-- what Supabase documents; run as superuser `supabase_admin` in a fresh database. Safe to run in several databases of a
-- server.

do $$
declare
    a_role text;
begin
    foreach a_role in array array['anon', 'authenticated'] loop
        if to_regrole(a_role) is null then
            execute format('create role %I nologin inherit', a_role);
        end if;
    end loop;
    if to_regrole('service_role') is null then
        create role service_role nologin inherit bypassrls;
    end if;
    foreach a_role in array array['authenticator', 'supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin'] loop
        if to_regrole(a_role) is null then
            execute format('create role %I login noinherit', a_role);
        end if;
    end loop;
    if to_regrole('postgres') is null then
        create role postgres login nosuperuser createdb createrole replication bypassrls;
    end if;
end
$$;

alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role postgres set search_path = "$user", public, extensions;

grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role, pg_read_all_data, pg_monitor, pg_signal_backend to postgres;
do $$
begin
    if current_setting('server_version_num')::int >= 160000 then -- whoever grants a role must administer it since then
        grant anon, authenticated, service_role to postgres with admin option;
    end if;
end
$$;

do $$
begin
    execute format('alter database %I owner to postgres', current_database());
end
$$;
grant usage on schema public to anon, authenticated, service_role;

create schema extensions;
grant usage on schema extensions to anon, authenticated, service_role;
grant usage, create on schema extensions to postgres;
do $$
begin
    if exists (select from pg_available_extensions where name = 'pgcrypto') then -- the embedded server has none
        create extension pgcrypto schema extensions;
    end if;
end
$$;

create schema storage authorization supabase_storage_admin;
create schema realtime authorization supabase_realtime_admin;
create publication supabase_realtime;
alter publication supabase_realtime owner to postgres;

create schema auth authorization supabase_auth_admin;
grant usage on schema auth to anon, authenticated, service_role, postgres;

set role supabase_auth_admin;

create table auth.users (
    instance_id uuid,
    id uuid primary key,
    aud varchar(255),
    role varchar(255),
    email varchar(255),
    encrypted_password varchar(255),
    email_confirmed_at timestamptz,
    invited_at timestamptz,
    confirmation_token varchar(255),
    recovery_token varchar(255),
    last_sign_in_at timestamptz,
    raw_app_meta_data jsonb,
    raw_user_meta_data jsonb,
    is_super_admin boolean,
    created_at timestamptz,
    updated_at timestamptz,
    phone text unique,
    phone_confirmed_at timestamptz,
    confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
    banned_until timestamptz,
    is_sso_user boolean not null default false,
    deleted_at timestamptz,
    is_anonymous boolean not null default false
);
create unique index users_email_partial_key on auth.users (email) where (is_sso_user = false);
alter table auth.users enable row level security;
grant select, insert, update, delete, references, trigger on auth.users to postgres;

-- FLOW has a table `sessions` of its own, in another schema.
create table auth.sessions (
    id uuid primary key,
    user_id uuid not null references auth.users (id) on delete cascade,
    created_at timestamptz,
    aal text
);
alter table auth.sessions enable row level security;

create function auth.jwt() returns jsonb language sql stable
return coalesce(
    nullif(current_setting('request.jwt.claim', true), ''), nullif(current_setting('request.jwt.claims', true), '')
)::jsonb;

create function auth.uid() returns uuid language sql stable
return coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
)::uuid;

create function auth.role() returns text language sql stable
return coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
);

create function auth.email() returns text language sql stable
return coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
);

reset role;
