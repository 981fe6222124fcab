-- What a nightly comparison with a provider found: theirs against ours, until somebody or the next comparison settles it.

create table public.provider_differences (
    restaurant_id uuid not null,
    id uuid not null,
    provider text not null check (length(provider) between 1 and 40),
    kind text not null check (length(kind) between 1 and 60),
    object_id text not null check (length(object_id) between 1 and 200),
    field text not null check (length(field) between 1 and 60),
    ours text,
    theirs text,
    found_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    settled_at timestamptz,
    primary key (restaurant_id, id)
);
create unique index provider_differences_open on public.provider_differences (restaurant_id, provider, kind, object_id, field)
    where settled_at is null;
create index provider_differences_found on public.provider_differences (restaurant_id, found_at);
comment on table public.provider_differences is
    'tenant: where a provider and FLOW say different things about the same payment, order or invoice.';
comment on column public.provider_differences.object_id is 'The provider''s number of the thing, else our id.';
comment on column public.provider_differences.settled_at is 'When both said the same again.';

alter table public.provider_differences add foreign key (restaurant_id) references public.restaurants (id);

revoke all on public.provider_differences from public, anon, authenticated, service_role;
alter table public.provider_differences enable row level security;
create policy "Those with payments.read read provider_differences" on public.provider_differences
    for select to authenticated using (restaurant_id = any (app.restaurants_with('payments.read')));
grant select on public.provider_differences to authenticated;
grant select, insert, update, delete on public.provider_differences to service_role;
