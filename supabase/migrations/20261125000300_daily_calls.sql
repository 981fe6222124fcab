-- Calls of finished business days, counted once: a month of a million calls is thirty counts and today's rows.

create table public.daily_calls (
    restaurant_id uuid not null references public.restaurants (id),
    starts_at timestamptz not null,
    dimension text not null check (dimension in ('', 'provider', 'provider_endpoint')),
    value text not null,
    ends_at timestamptz not null,
    calls integer not null,
    calls_answered integer not null,
    times_ms integer[] not null,
    calls_timed integer[] not null,
    created_at timestamptz not null default now(),
    primary key (restaurant_id, starts_at, dimension, value),
    check (starts_at < ends_at),
    check (cardinality(times_ms) = cardinality(calls_timed))
);
comment on table public.daily_calls is
    'tenant: what api_logs says of a finished business day, by what was called. It holds for the rows from starts_at up to '
    'but not including ends_at: who changes one of them deletes the day''s counts in the same transaction, and the day is '
    'read from its rows until it is counted anew.';
comment on column public.daily_calls.dimension is 'What `value` is: nothing (all calls), a provider, or an address.';
comment on column public.daily_calls.times_ms is 'Every answer time of the day, once, ascending: quantiles stay exact.';
comment on column public.daily_calls.calls_timed is 'How many calls took the time at the same place of times_ms.';

alter table public.daily_calls enable row level security;
create policy "Those with integrations.read read daily_calls" on public.daily_calls for select to authenticated
    using (restaurant_id = any (app.restaurants_with('integrations.read')));
revoke all on public.daily_calls from public, anon, authenticated, service_role;
grant select on public.daily_calls to authenticated;
grant select, insert, update, delete on public.daily_calls to service_role;
