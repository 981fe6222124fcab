-- Effects on other systems: a row in the transaction that decides on one, carried out by a job, once.

create table public.provider_calls (
    restaurant_id uuid not null,
    id uuid not null,
    provider text not null check (length(provider) between 1 and 40),
    kind text not null check (length(kind) between 1 and 60),
    key text not null check (length(key) between 1 and 200),
    arguments jsonb not null default '{}',
    status text not null default 'queued' check (status in ('queued', 'done', 'dropped', 'failed')),
    attempts integer not null default 0 check (attempts >= 0),
    next_attempt_at timestamptz not null default now(),
    locked_until timestamptz,
    last_error text,
    result jsonb,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    primary key (restaurant_id, id),
    unique (restaurant_id, provider, key)
);
create index provider_calls_due on public.provider_calls (restaurant_id, next_attempt_at) where status = 'queued';
create index provider_calls_created on public.provider_calls (restaurant_id, created_at);
comment on table public.provider_calls is 'tenant: what FLOW is to do, and did, at other systems, each effect once.';
comment on column public.provider_calls.arguments is 'Ids and numbers; contacts and texts stay in their own tables.';

alter table public.provider_calls add foreign key (restaurant_id) references public.restaurants (id);

revoke all on public.provider_calls from public, anon, authenticated, service_role;
alter table public.provider_calls enable row level security;
create policy "Those with integrations.read read provider_calls" on public.provider_calls for select to authenticated
    using (restaurant_id = any (app.restaurants_with('integrations.read')));
grant select on public.provider_calls to authenticated;
grant select, insert, update, delete on public.provider_calls to service_role;
