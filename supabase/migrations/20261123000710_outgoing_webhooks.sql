-- Outgoing webhooks: where to tell what happened, each telling of it, and each try.

create table public.webhook_endpoints (
    restaurant_id uuid not null,
    id uuid not null,
    url text not null check (length(url) between 8 and 2000),
    description text not null default '' check (length(description) <= 200),
    event_types text[] not null check (cardinality(event_types) between 1 and 50),
    payload text not null default 'full' check (payload in ('full', 'thin')),
    status text not null default 'active' check (status in ('active', 'paused', 'disabled', 'removed')),
    disabled_reason text check (disabled_reason in ('gone', 'failing')),
    secrets_sealed bytea not null,
    public_key text not null,
    consecutive_failures integer not null default 0 check (consecutive_failures >= 0),
    failing_since timestamptz,
    paused_until timestamptz,
    due_at timestamptz,
    last_success_at timestamptz,
    last_failure_at timestamptz,
    last_error text,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id)
);
create index webhook_endpoints_due on public.webhook_endpoints (restaurant_id, due_at)
    where status = 'active' and due_at is not null;
comment on table public.webhook_endpoints is 'tenant: addresses of other systems that are told what happens.';
comment on column public.webhook_endpoints.secrets_sealed is 'What messages are signed with, old and new, sealed.';
comment on column public.webhook_endpoints.paused_until is 'Nothing is sent before: it failed, or asked to wait.';
comment on column public.webhook_endpoints.due_at is 'When there is next something to send; none while nothing waits.';

create table public.webhook_deliveries (
    restaurant_id uuid not null,
    id uuid not null,
    endpoint_id uuid not null,
    event_id uuid not null,
    event_type text not null,
    object_id uuid not null,
    sequence bigint not null,
    body text not null,
    status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
    attempts integer not null default 0 check (attempts >= 0),
    next_attempt_at timestamptz not null default now(),
    locked_until timestamptz,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    primary key (restaurant_id, id),
    unique (restaurant_id, endpoint_id, event_id)
);
create index webhook_deliveries_due on public.webhook_deliveries (restaurant_id, endpoint_id, next_attempt_at, sequence)
    where status = 'pending';
create index webhook_deliveries_object on public.webhook_deliveries (restaurant_id, endpoint_id, object_id, sequence)
    where status = 'pending';
create index webhook_deliveries_locked on public.webhook_deliveries (restaurant_id, locked_until)
    where status = 'pending' and locked_until is not null;
create index webhook_deliveries_created on public.webhook_deliveries (restaurant_id, endpoint_id, created_at);
comment on table public.webhook_deliveries is 'tenant: one event for one endpoint, once each, with the very bytes that are sent.';

create table public.webhook_attempts (
    restaurant_id uuid not null,
    id uuid not null,
    delivery_id uuid not null,
    endpoint_id uuid not null,
    attempted_at timestamptz not null,
    duration_ms integer not null check (duration_ms >= 0),
    status_code integer,
    error text check (length(error) <= 200),
    answer text check (length(answer) <= 500),
    primary key (restaurant_id, id)
);
create index webhook_attempts_delivery on public.webhook_attempts (restaurant_id, delivery_id, attempted_at);
create index webhook_attempts_endpoint on public.webhook_attempts (restaurant_id, endpoint_id, attempted_at);
comment on table public.webhook_attempts is 'tenant: each try to deliver, what was answered and how long it took.';
comment on column public.webhook_attempts.answer is 'The beginning of what the endpoint answered to a try that failed.';

alter table public.webhook_endpoints add foreign key (restaurant_id) references public.restaurants (id);
alter table public.webhook_deliveries
    add foreign key (restaurant_id, endpoint_id) references public.webhook_endpoints (restaurant_id, id);

revoke all on public.webhook_endpoints, public.webhook_deliveries, public.webhook_attempts
    from public, anon, authenticated, service_role;
alter table public.webhook_endpoints enable row level security;
alter table public.webhook_deliveries enable row level security;
alter table public.webhook_attempts enable row level security;
create policy "Those with integrations.read read webhook_endpoints" on public.webhook_endpoints for select
    to authenticated using (restaurant_id = any (app.restaurants_with('integrations.read')));
create policy "Those with integrations.read read webhook_deliveries" on public.webhook_deliveries for select
    to authenticated using (restaurant_id = any (app.restaurants_with('integrations.read')));
create policy "Those with integrations.read read webhook_attempts" on public.webhook_attempts for select
    to authenticated using (restaurant_id = any (app.restaurants_with('integrations.read')));
grant select (restaurant_id, id, url, description, event_types, payload, status, disabled_reason, public_key,
    consecutive_failures, failing_since, paused_until, last_success_at, last_failure_at, last_error, created_by,
    created_at, updated_at)
    on public.webhook_endpoints to authenticated;
grant select on public.webhook_deliveries, public.webhook_attempts to authenticated;
grant select, insert, update, delete
    on public.webhook_endpoints, public.webhook_deliveries, public.webhook_attempts to service_role;
