-- Whether FLOW has registered a connection's address for webhooks by itself, and what stood in the way.

alter table public.integration_configs
    add column registered_at timestamptz,
    add column registration_error text;
comment on column public.integration_configs.registered_at is
    'When FLOW last found its address for webhooks registered at the other system; null where that is done by hand.';
comment on column public.integration_configs.registration_error is
    'Why it could not be registered the last time, in FLOW''s words or as a code; null after success.';
grant select (registered_at, registration_error) on public.integration_configs to authenticated;
