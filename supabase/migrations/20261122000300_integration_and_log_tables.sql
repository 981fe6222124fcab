-- Integrations with their logs, the logs of the system, and the benchmark. Logs hold no personal data: bodies and headers
-- are redacted before they are written.

create table public.webhook_logs (
    restaurant_id uuid not null,
    id uuid not null,
    webhook_type text not null check (webhook_type in ('incoming', 'outgoing')),
    webhook_name text not null,
    method text,
    url text,
    headers jsonb not null default '{}',
    request_body jsonb,
    response_status integer,
    response_body jsonb,
    response_time_ms integer check (response_time_ms >= 0),
    status text not null check (status in ('success', 'failed', 'timeout', 'retrying')),
    error_message text,
    retry_count integer not null default 0 check (retry_count >= 0),
    received_at timestamptz not null default now(),
    processed_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (restaurant_id, id)
);
create index webhook_logs_received on public.webhook_logs (restaurant_id, received_at);
comment on table public.webhook_logs is 'tenant: webhooks in and out, redacted.';

create table public.integration_configs (
    restaurant_id uuid not null,
    id uuid not null,
    integration_type text not null check (integration_type in ('payment', 'accounting', 'sms', 'social', 'delivery')),
    integration_name text not null,
    config jsonb not null default '{}',
    credentials_encrypted bytea,
    status text not null default 'inactive' check (status in ('active', 'inactive', 'error', 'pending_setup')),
    last_sync_at timestamptz,
    last_error text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id),
    unique (restaurant_id, integration_type, integration_name)
);
comment on table public.integration_configs is 'tenant: connections to other systems.';
comment on column public.integration_configs.credentials_encrypted is 'Sealed; no person reads it, not even sealed.';

create table public.api_logs (
    restaurant_id uuid not null,
    id uuid not null,
    api_name text not null,
    endpoint text not null,
    method text not null,
    request_params jsonb not null default '{}',
    request_body_hash text,
    response_status integer,
    response_time_ms integer check (response_time_ms >= 0),
    success boolean not null,
    error_code text,
    error_message text,
    timestamp timestamptz not null default now(),
    primary key (restaurant_id, id)
);
create index api_logs_timestamp on public.api_logs (restaurant_id, timestamp);
comment on table public.api_logs is 'tenant: calls to other systems, without bodies.';

create table public.system_logs (
    id uuid primary key,
    log_level text not null check (log_level in ('debug', 'info', 'warn', 'error', 'critical')),
    log_category text not null check (log_category in ('performance', 'security', 'business', 'integration', 'maintenance')),
    service text,
    function_name text,
    restaurant_id uuid,
    user_id uuid,
    message text not null,
    details jsonb not null default '{}',
    stack_trace text,
    request_id text,
    ip_address inet,
    user_agent text,
    duration_ms integer check (duration_ms >= 0),
    memory_mb integer check (memory_mb >= 0),
    timestamp timestamptz not null default now()
);
create index system_logs_timestamp on public.system_logs (timestamp);
create index system_logs_restaurant on public.system_logs (restaurant_id, timestamp);
comment on table public.system_logs is 'platform: what the system did, for those who run it.';

create table public.error_logs (
    id uuid primary key,
    error_type text not null check (error_type in ('javascript', 'api', 'database', 'integration')),
    error_code text,
    error_message text not null,
    service text,
    restaurant_id uuid,
    user_id uuid,
    stack_trace text,
    request_url text,
    request_method text,
    request_body_hash text,
    browser text,
    os text,
    screen_resolution text,
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    occurrence_count bigint not null default 1 check (occurrence_count > 0),
    status text not null default 'new' check (status in ('new', 'investigating', 'resolved', 'ignored')),
    resolved_at timestamptz,
    resolved_by uuid,
    resolution_notes text,
    created_at timestamptz not null default now()
);
create index error_logs_last_seen on public.error_logs (last_seen_at);
create index error_logs_restaurant on public.error_logs (restaurant_id, last_seen_at);
comment on table public.error_logs is 'platform: errors, one row for all times the same one was seen.';

create table public.benchmark_aggregates (
    id uuid primary key,
    period_type text not null check (period_type in ('daily', 'weekly', 'monthly')),
    period_start date not null,
    period_end date not null check (period_end >= period_start),
    industry_segment text,
    size_segment text check (size_segment in ('small', 'medium', 'large')),
    region text,
    restaurant_count integer not null check (restaurant_count >= 10),
    avg_daily_revenue bigint,
    median_daily_revenue bigint,
    p25_daily_revenue bigint,
    p75_daily_revenue bigint,
    avg_order_value bigint,
    avg_orders_per_day numeric(12, 2),
    pct_orders_web numeric(5, 2) check (pct_orders_web between 0 and 100),
    pct_orders_app numeric(5, 2) check (pct_orders_app between 0 and 100),
    pct_orders_social numeric(5, 2) check (pct_orders_social between 0 and 100),
    avg_conversion_rate numeric(5, 4) check (avg_conversion_rate between 0 and 1),
    avg_return_customer_rate numeric(5, 4) check (avg_return_customer_rate between 0 and 1),
    created_at timestamptz not null default now(),
    unique nulls not distinct (period_type, period_start, industry_segment, size_segment, region)
);
comment on table public.benchmark_aggregates is 'shared: figures of at least ten restaurants together; money in øre.';

alter table public.webhook_logs add foreign key (restaurant_id) references public.restaurants (id);
alter table public.integration_configs add foreign key (restaurant_id) references public.restaurants (id);
alter table public.api_logs add foreign key (restaurant_id) references public.restaurants (id);

insert into app.role_permissions (role, permission)
select role, permission
from (values
    ('integrations.read', '{admin,super_admin}'),
    ('logs.read', '{super_admin}')
) as granted (permission, roles), unnest(granted.roles::text[]) as role;

revoke all on public.webhook_logs, public.integration_configs, public.api_logs, public.system_logs, public.error_logs,
    public.benchmark_aggregates from public, anon, authenticated, service_role;
alter table public.webhook_logs enable row level security;
alter table public.integration_configs enable row level security;
alter table public.api_logs enable row level security;
alter table public.system_logs enable row level security;
alter table public.error_logs enable row level security;
alter table public.benchmark_aggregates enable row level security;

create policy "Those with integrations.read read webhook_logs" on public.webhook_logs for select to authenticated
    using (restaurant_id = any (app.restaurants_with('integrations.read')));
create policy "Those with integrations.read read integration_configs" on public.integration_configs
    for select to authenticated using (restaurant_id = any (app.restaurants_with('integrations.read')));
create policy "Those with integrations.read read api_logs" on public.api_logs for select to authenticated
    using (restaurant_id = any (app.restaurants_with('integrations.read')));
create policy "Those with logs.read read system_logs" on public.system_logs for select to authenticated
    using (restaurant_id = any (app.restaurants_with('logs.read')));
create policy "Those with logs.read read error_logs" on public.error_logs for select to authenticated
    using (restaurant_id = any (app.restaurants_with('logs.read')));
create policy "Everybody reads the benchmark" on public.benchmark_aggregates for select to authenticated using (true);

grant select on public.webhook_logs, public.api_logs, public.system_logs, public.error_logs, public.benchmark_aggregates
    to authenticated;
grant select (restaurant_id, id, integration_type, integration_name, config, status, last_sync_at, last_error, created_at,
    updated_at) on public.integration_configs to authenticated;
grant select, insert, update, delete on public.webhook_logs, public.integration_configs, public.api_logs,
    public.system_logs, public.error_logs, public.benchmark_aggregates to service_role;
