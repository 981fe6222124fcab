-- Who may do what: restaurants, memberships, platform roles, permissions of roles, log-in.

create table public.restaurants (
    id uuid primary key,
    name text not null check (length(name) between 1 and 200),
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    cvr text check (cvr ~ '^[0-9A-Z]{6,14}$'),
    email text,
    phone text,
    address text,
    postal_code text,
    city text,
    country_code char(2) not null default 'DK',
    currency char(3) not null default 'DKK' check (currency ~ '^[A-Z]{3}$'),
    time_zone text not null default 'Europe/Copenhagen',
    business_day_cutoff_hour smallint not null default 4 check (business_day_cutoff_hour between 0 and 12),
    language text not null default 'da' check (language in ('da', 'sv', 'en')),
    event_namespace text not null unique check (event_namespace ~ '^[a-z][a-z0-9_]{1,30}$'),
    vat_rate_percent numeric(5, 2) not null default 25 check (vat_rate_percent between 0 and 100),
    delivery_fee bigint not null default 0 check (delivery_fee >= 0),
    free_delivery_from bigint check (free_delivery_from >= 0),
    minimum_order bigint not null default 0 check (minimum_order >= 0),
    status text not null default 'active' check (status in ('active', 'paused', 'closed')),
    is_simulated boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table public.restaurants is 'shared: a business that uses FLOW; the tenant.';
comment on column public.restaurants.business_day_cutoff_hour is 'Local hour at which a new business day begins.';
comment on column public.restaurants.event_namespace is 'Prefix of the restaurant''s own event names.';
comment on column public.restaurants.delivery_fee is 'In øre.';
comment on column public.restaurants.free_delivery_from is 'Order subtotal in øre from which delivery is free.';
comment on column public.restaurants.minimum_order is 'Smallest subtotal in øre for a delivery.';
comment on column public.restaurants.is_simulated is 'Data of this restaurant are made up; every page says so.';

create table public.user_restaurant_access (
    restaurant_id uuid not null,
    user_id uuid not null,
    role text not null check (role in ('admin', 'manager', 'employee', 'analytics', 'support', 'compliance')),
    created_at timestamptz not null default now(),
    created_by uuid,
    primary key (restaurant_id, user_id)
);
create index user_restaurant_access_user on public.user_restaurant_access (user_id); -- start of every request
comment on table public.user_restaurant_access is 'shared: which role a user has in which restaurant.';

create table public.user_roles (
    user_id uuid not null,
    role text not null check (role in ('super_admin', 'support', 'compliance')),
    created_at timestamptz not null default now(),
    created_by uuid,
    primary key (user_id, role)
);
comment on table public.user_roles is 'shared: roles on the whole platform.';

create table app.role_permissions (
    role text not null,
    permission text not null check (permission ~ '^[a-z_]+\.[a-z_]+$'),
    primary key (role, permission)
);
comment on table app.role_permissions is 'shared: what a role may do; the one matrix.';

insert into app.role_permissions (role, permission)
select role, permission
from (values
    ('restaurant.read', '{admin,manager,employee,analytics,support,compliance,super_admin}'),
    ('restaurant.write', '{admin,super_admin}'),
    ('people.read', '{admin,manager,compliance,super_admin}'),
    ('menu.read', '{admin,manager,employee,analytics,support,super_admin}'),
    ('menu.write', '{admin,manager,super_admin}'),
    ('orders.read', '{admin,manager,employee,super_admin}'),
    ('orders.write', '{admin,manager,employee,super_admin}'),
    ('payments.read', '{admin,manager,super_admin}'),
    ('payments.write', '{admin,manager,super_admin}'),
    ('customers.read', '{admin,manager,super_admin}'),
    ('analytics.read', '{admin,manager,analytics,super_admin}'),
    ('behaviour.read', '{admin,manager,super_admin}'),
    ('quality.read', '{admin,manager,super_admin}'),
    ('quality.write', '{admin,manager,super_admin}'),
    ('audit.read', '{compliance,super_admin}')
) as granted (permission, roles), unnest(granted.roles::text[]) as role;

create table app.user_credentials (
    user_id uuid primary key,
    password_hash text not null,
    failed_attempts integer not null default 0,
    locked_until timestamptz,
    password_changed_at timestamptz not null default now()
);
comment on table app.user_credentials is 'platform: Argon2 password hashes of FLOW''s own issuer.';

create table app.login_sessions (
    id uuid primary key,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    device text not null default ''
);
create index login_sessions_user on app.login_sessions (user_id);
comment on table app.login_sessions is 'platform: log-ins; ending one makes its token worthless at once.';
comment on column app.login_sessions.device is 'Browser and system in words, so that a person can tell sessions apart.';

-- What log-in needs to know of a user, and no more: the service has no right to auth.users itself.
create view app.accounts as
    select
        u.id, u.email, coalesce(u.raw_user_meta_data ->> 'name', '') as name,
        u.deleted_at is not null or coalesce(u.banned_until > now(), false) as is_barred
    from auth.users u
    where u.email is not null and u.is_sso_user = false;
comment on view app.accounts is 'platform: users who can log in with e-mail and password; the service alone reads it.';

-- Adds a user; false when the e-mail address is taken. On Supabase its own Auth adds users instead.
create function app.add_user(an_id uuid, an_email text, a_name text, at timestamptz) returns boolean
    language plpgsql security definer set search_path = ''
    as $$
begin
    insert into auth.users (
        id, aud, role, email, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
    values (
        an_id, 'authenticated', 'authenticated', an_email, at, '{"provider": "email", "providers": ["email"]}',
        jsonb_build_object('name', a_name), at, at)
    on conflict do nothing;
    return found;
end
$$;
comment on function app.add_user(uuid, text, text, timestamptz) is 'A new user of FLOW''s own issuer.';
grant execute on function app.add_user(uuid, text, text, timestamptz) to service_role;
