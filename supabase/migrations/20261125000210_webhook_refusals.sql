-- Deliveries of other systems that were refused: how many, by hour. They are counted in the processes that refuse them
-- and added up here once a minute, so that a flood of them costs the database no more than one of them does.

create table public.webhook_refusals (
    restaurant_id uuid not null,
    hour timestamptz not null,
    provider text not null check (length(provider) between 1 and 40),
    reason text not null check (reason in ('bad_signature', 'greeting_refused')),
    deliveries bigint not null check (deliveries > 0),
    primary key (restaurant_id, hour, provider, reason)
);
comment on table public.webhook_refusals is
    'tenant: deliveries in the name of a connected system that were refused, counted by hour.';
comment on column public.webhook_refusals.hour is 'The beginning of the hour, UTC.';

alter table public.webhook_refusals add foreign key (restaurant_id) references public.restaurants (id);

revoke all on public.webhook_refusals from public, anon, authenticated, service_role;
alter table public.webhook_refusals enable row level security;
create policy "Those with integrations.read read webhook_refusals" on public.webhook_refusals for select to authenticated
    using (restaurant_id = any (app.restaurants_with('integrations.read')));
grant select on public.webhook_refusals to authenticated;
grant select, insert, update, delete on public.webhook_refusals to service_role;
