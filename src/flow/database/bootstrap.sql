-- Makes a plain PostgreSQL look like Supabase as far as FLOW needs: the API roles, schema `auth` with users and the
-- four functions, schema `extensions`. Run by `flow bootstrap` as an administrator; never on Supabase, which has all
-- this already. Safe to run again.

do $$
declare
    role_name text;
begin
    foreach role_name in array array['anon', 'authenticated'] loop
        if to_regrole(role_name) is null then
            execute format('create role %I nologin inherit', role_name);
        end if;
    end loop;
    if to_regrole('service_role') is null then
        create role service_role nologin inherit bypassrls;
    end if;
    if to_regrole('authenticator') is null then
        create role authenticator nologin noinherit;
    end if;
    if to_regrole('flow_owner') is null then
        create role flow_owner login nosuperuser createrole createdb bypassrls;
    end if;
exception when duplicate_object or unique_violation then
    null; -- another bootstrap made the role in the same moment
end
$$;

grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to flow_owner with admin option;

create schema if not exists extensions;
grant usage on schema extensions to anon, authenticated, service_role;
grant usage, create on schema extensions to flow_owner;

create schema if not exists auth;
revoke all on schema auth from public;
grant usage on schema auth to anon, authenticated, service_role, flow_owner;

create table if not exists auth.users (
    id uuid primary key,
    aud varchar(255),
    role varchar(255),
    email varchar(255),
    email_confirmed_at timestamptz,
    phone text unique,
    phone_confirmed_at timestamptz,
    confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
    last_sign_in_at timestamptz,
    raw_app_meta_data jsonb,
    raw_user_meta_data jsonb,
    is_super_admin boolean,
    is_sso_user boolean not null default false,
    is_anonymous boolean not null default false,
    banned_until timestamptz,
    deleted_at timestamptz,
    created_at timestamptz,
    updated_at timestamptz
);
create unique index if not exists users_email_partial_key on auth.users (email) where (is_sso_user = false);
alter table auth.users enable row level security;
revoke all on auth.users from public, anon, authenticated, service_role;
grant select, insert, update, delete, references, trigger on auth.users to flow_owner;

create or replace function auth.uid() returns uuid language sql stable as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
    )::uuid
$$;

create or replace function auth.role() returns text language sql stable as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim.role', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
    )
$$;

create or replace function auth.email() returns text language sql stable as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim.email', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
    )
$$;

create or replace function auth.jwt() returns jsonb language sql stable as $$
    select coalesce(
        nullif(current_setting('request.jwt.claim', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')
    )::jsonb
$$;

grant usage on schema public to anon, authenticated, service_role;
