-- What the metrics about integrations need, and notifications in the reader's language.

alter table public.webhook_deliveries add column wanted_at timestamptz;
update public.webhook_deliveries set wanted_at = created_at;
alter table public.webhook_deliveries alter column wanted_at set default now(), alter column wanted_at set not null;
comment on column public.webhook_deliveries.wanted_at is
    'When it was to be told: the moment of the event, or of the wish to be told again.';

-- The figures of calls are read from the index alone.
create index api_logs_measured on public.api_logs (restaurant_id, timestamp)
    include (api_name, success, response_time_ms);
drop index public.api_logs_timestamp;

alter table public.notifications add column facts jsonb not null default '{}';
comment on column public.notifications.title is
    'English, with %(name)s where a fact belongs; shown in the reader''s language (flow.delivery.notices).';
comment on column public.notifications.facts is 'Numbers and names for title and body; nothing about guests.';

-- Setting an endpoint up by the API, once per key of the program's own.
alter table public.webhook_endpoints add column creation_key text check (length(creation_key) between 1 and 200);
create unique index webhook_endpoints_creation_key on public.webhook_endpoints (restaurant_id, creation_key)
    where creation_key is not null;
comment on column public.webhook_endpoints.creation_key is 'The Idempotency-Key with which a program set it up.';
