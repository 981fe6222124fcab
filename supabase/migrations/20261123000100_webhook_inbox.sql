-- Incoming webhooks: an inbox whose rows are there once each, and what leads a delivery to its restaurant.

alter table public.integration_configs
    add column account text check (length(account) between 1 and 200),
    add column tested_at timestamptz,
    add column connected_by uuid,
    add unique (restaurant_id, integration_name);
comment on column public.integration_configs.account is
    'The provider''s own number of this connection: an account, a merchant''s serial number, a page, a venue, a phone number.';
grant select (account, tested_at, connected_by) on public.integration_configs to authenticated;

create table public.webhook_inbox (
    restaurant_id uuid not null,
    id uuid not null,
    provider text not null check (length(provider) between 1 and 40),
    dedupe_key text not null check (length(dedupe_key) between 1 and 400),
    event_type text not null check (length(event_type) between 1 and 100),
    payload_sealed bytea,
    subject text check (subject ~ '^[0-9a-f]{64}$'),
    status text not null default 'received' check (status in ('received', 'done', 'ignored', 'parked')),
    reason text,
    attempts integer not null default 0 check (attempts >= 0),
    next_attempt_at timestamptz not null default now(),
    received_at timestamptz not null default now(),
    processed_at timestamptz,
    primary key (restaurant_id, id),
    unique (restaurant_id, provider, dedupe_key)
);
create index webhook_inbox_due on public.webhook_inbox (restaurant_id, next_attempt_at) where status = 'received';
create index webhook_inbox_received on public.webhook_inbox (restaurant_id, received_at);
comment on table public.webhook_inbox is
    'tenant: what providers told FLOW, once each, kept until it was applied and a month after.';
comment on column public.webhook_inbox.payload_sealed is 'The provider''s own words, sealed: they hold names and messages.';
comment on column public.webhook_inbox.subject is 'Pseudonym of the person it is about, where the payload names one.';
comment on column public.webhook_inbox.reason is 'Why it was ignored or parked, without personal data.';

alter table public.webhook_inbox add foreign key (restaurant_id) references public.restaurants (id);

insert into app.role_permissions (role, permission)
select role, 'integrations.write' from unnest('{admin,super_admin}'::text[]) as role;

revoke all on public.webhook_inbox from public, anon, authenticated, service_role;
alter table public.webhook_inbox enable row level security;
create policy "Those with integrations.read read webhook_inbox" on public.webhook_inbox for select to authenticated
    using (restaurant_id = any (app.restaurants_with('integrations.read')));
grant select (restaurant_id, id, provider, event_type, status, reason, attempts, next_attempt_at, received_at, processed_at)
    on public.webhook_inbox to authenticated;
grant select, insert, update, delete on public.webhook_inbox to service_role;
