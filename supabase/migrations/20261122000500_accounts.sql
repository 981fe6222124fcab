-- Accounts: second factor, invitations, password resets, API keys, outgoing mail. Secrets are sealed or hashed: whoever
-- reads these tables can neither log in, nor accept an invitation, nor use a key.

alter table app.login_sessions add column aal text not null default 'aal1' check (aal in ('aal1', 'aal2'));
comment on column app.login_sessions.aal is 'How sure the log-in is: aal1 by password, aal2 by a second factor as well.';

-- Wrong passwords are counted by address, whether it has a user or not: a lock must not tell which have.
alter table app.user_credentials drop column failed_attempts, drop column locked_until;
create table app.login_failures (
    email_hash text primary key,
    failed_attempts integer not null default 0 check (failed_attempts >= 0),
    locked_until timestamptz,
    updated_at timestamptz not null
);
comment on table app.login_failures is 'platform: attempts to log in since the last right password, by address.';
comment on column app.login_failures.email_hash is 'HMAC-SHA256 of the address, by a key of the installation.';

create table public.user_2fa_settings (
    user_id uuid primary key,
    method text not null default 'totp' check (method in ('totp')),
    secret_sealed bytea not null,
    enabled_at timestamptz,
    last_step bigint not null default 0,
    failed_attempts integer not null default 0 check (failed_attempts >= 0),
    locked_until timestamptz,
    created_at timestamptz not null default now()
);
comment on table public.user_2fa_settings is 'shared: a user''s second factor; in force from enabled_at on.';
comment on column public.user_2fa_settings.secret_sealed is 'Sealed by the secret box in the context totp:<user id>.';
comment on column public.user_2fa_settings.last_step is 'Time step (RFC 6238) of the last code used; no code of it or before counts again.';

create table app.recovery_codes (
    user_id uuid not null,
    slot smallint not null check (slot between 0 and 9),
    code_hash text not null,
    used_at timestamptz,
    primary key (user_id, slot)
);
comment on table app.recovery_codes is 'platform: codes for a lost second factor, Argon2-hashed, one use each.';
comment on column app.recovery_codes.slot is 'First digit of the code, so that one hash is checked and not ten.';

create table public.invitations (
    restaurant_id uuid not null,
    id uuid not null,
    email text not null,
    role text not null check (role in ('admin', 'manager', 'employee', 'analytics', 'compliance')),
    token_hash bytea not null,
    invited_by uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    accepted_by uuid,
    revoked_at timestamptz,
    primary key (restaurant_id, id)
);
create index invitations_expires on public.invitations (restaurant_id, expires_at);
comment on table public.invitations is 'tenant: people asked by mail to work in a restaurant.';
comment on column public.invitations.token_hash is 'SHA-256 of the secret in the link.';

create table public.api_keys (
    restaurant_id uuid not null,
    id uuid not null,
    name text not null check (length(name) between 1 and 80),
    key_hash bytea not null,
    ending text not null check (length(ending) = 4),
    scopes text[] not null check (cardinality(scopes) between 1 and 40),
    created_by uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    revoked_by uuid,
    primary key (restaurant_id, id)
);
comment on table public.api_keys is 'tenant: keys of programs; each may do what its scopes say, and nothing else.';
comment on column public.api_keys.key_hash is 'SHA-256 of the whole key, which is shown once.';
comment on column public.api_keys.ending is 'Last four characters of the key, so that people can tell keys apart.';
comment on column public.api_keys.scopes is 'Permissions as in app.role_permissions.';

create table app.password_resets (
    id uuid primary key,
    email_sealed bytea,
    language text not null check (language in ('da', 'sv', 'en')),
    requested_at timestamptz not null,
    user_id uuid,
    token_hash bytea,
    expires_at timestamptz,
    used_at timestamptz
);
create index password_resets_user on app.password_resets (user_id);
comment on table app.password_resets is
    'platform: wishes for a new password. A job looks whose address it is, so that asking takes the same time for all.';
comment on column app.password_resets.email_sealed is 'The address as typed, until the job has looked; then null.';
comment on column app.password_resets.token_hash is 'SHA-256 of the secret in the link.';

create table app.mails (
    id uuid primary key,
    sealed bytea,
    kind text not null,
    created_at timestamptz not null,
    next_attempt_at timestamptz,
    attempts smallint not null default 0,
    sent_at timestamptz,
    last_error text
);
create index mails_waiting on app.mails (next_attempt_at) where next_attempt_at is not null;
comment on table app.mails is 'platform: mails on their way out; address and text are sealed, and wiped when sent.';
comment on column app.mails.next_attempt_at is 'When to try (again); null once sent or given up.';
comment on column app.mails.last_error is 'Kind of the last failure, never its text.';

-- An API key's claims are {sub: key id, api_key: {restaurant_id}}: it has no user, so policies by user give it nothing.
create function app.grants_of_key(a_restaurant uuid, a_key uuid) returns jsonb
    language sql stable security definer set search_path = ''
    as $$
        select jsonb_build_object(
            'grants', coalesce((
                select jsonb_object_agg(p.permission, array[k.restaurant_id]::text)
                from app.role_permissions p where p.role = 'admin' and p.permission = any (k.scopes)), '{}'),
            'platform_roles', '[]'::jsonb)
        from public.api_keys k
        where k.restaurant_id = a_restaurant and k.id = a_key and k.revoked_at is null and k.expires_at > now()
    $$;
comment on function app.grants_of_key(uuid, uuid) is
    'Permissions of an API key in its restaurant; null when it was revoked or has expired.';

create or replace function app.begin_request(claims jsonb, timeout_ms integer) returns jsonb
    language plpgsql set search_path = ''
    as $$
declare
    permissions jsonb := case
        when claims ? 'api_key'
        then app.grants_of_key((claims #>> '{api_key,restaurant_id}')::uuid, (claims ->> 'sub')::uuid)
        else app.grants_of((claims ->> 'sub')::uuid, (claims ->> 'session_id')::uuid)
    end;
    session_claims jsonb;
begin
    if permissions is null then
        return null;
    end if;
    session_claims := jsonb_set(
        claims, '{app_metadata}',
        coalesce(claims -> 'app_metadata', '{}') || jsonb_build_object('grants', permissions -> 'grants'));
    execute format('set local request.jwt.claims = %L', session_claims::text);
    execute 'set local "request.jwt.claim.sub" = ''''';
    execute format('set local statement_timeout = %s', timeout_ms);
    execute 'set local role authenticated';
    return permissions;
end
$$;

alter table public.user_2fa_settings add foreign key (user_id) references auth.users (id) on delete cascade;
alter table app.recovery_codes add foreign key (user_id) references auth.users (id) on delete cascade;
alter table app.password_resets add foreign key (user_id) references auth.users (id) on delete cascade;
alter table public.invitations add foreign key (restaurant_id) references public.restaurants (id);
alter table public.api_keys add foreign key (restaurant_id) references public.restaurants (id);

insert into app.role_permissions (role, permission)
select role, permission
from (values
    ('people.write', '{admin,super_admin}'),
    ('keys.read', '{admin,super_admin}'),
    ('keys.write', '{admin,super_admin}')
) as granted (permission, roles), unnest(granted.roles::text[]) as role;

revoke all on app.login_failures, public.user_2fa_settings, app.recovery_codes, public.invitations, public.api_keys,
    app.password_resets, app.mails from public, anon, authenticated, service_role;
alter table app.login_failures enable row level security;
alter table public.user_2fa_settings enable row level security;
alter table app.recovery_codes enable row level security;
alter table public.invitations enable row level security;
alter table public.api_keys enable row level security;
alter table app.password_resets enable row level security;
alter table app.mails enable row level security;

create policy "People see whether they have a second factor" on public.user_2fa_settings for select to authenticated
    using (user_id = app.user_id());
create policy "Those with people.read read invitations" on public.invitations for select to authenticated
    using (restaurant_id = any (app.restaurants_with('people.read')));
create policy "Those with keys.read read api_keys" on public.api_keys for select to authenticated
    using (restaurant_id = any (app.restaurants_with('keys.read')));

grant select (user_id, method, enabled_at, created_at) on public.user_2fa_settings to authenticated;
grant select (restaurant_id, id, email, role, invited_by, created_at, expires_at, accepted_at, accepted_by, revoked_at)
    on public.invitations to authenticated;
grant select (restaurant_id, id, name, ending, scopes, created_by, created_at, expires_at, last_used_at, revoked_at,
    revoked_by) on public.api_keys to authenticated;
grant select, insert, update, delete on app.login_failures, public.user_2fa_settings, app.recovery_codes,
    public.invitations, public.api_keys, app.password_resets, app.mails to service_role;
grant execute on function app.grants_of_key(uuid, uuid) to flow_api;
