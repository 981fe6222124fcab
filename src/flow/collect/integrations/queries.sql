-- name: integration_by_name -> Integration
-- A restaurant's connection to a provider.
select restaurant_id, id, integration_type, integration_name, config, account, status, last_sync_at, last_error,
    registered_at, registration_error
from public.integration_configs
where restaurant_id = :restaurant_id and integration_name = :name

-- name: integration_by_id -> Integration
-- A connection by its id.
select restaurant_id, id, integration_type, integration_name, config, account, status, last_sync_at, last_error,
    registered_at, registration_error
from public.integration_configs
where restaurant_id = :restaurant_id and id = :id

-- name: integrations_by_account -> Integration
-- The connections that carry the provider's own numbers; each leads to one restaurant.
select restaurant_id, id, integration_type, integration_name, config, account, status, last_sync_at, last_error,
    registered_at, registration_error
from public.integration_configs
where integration_name = :name and account = any (:accounts::text[])

-- name: integrations_of -> Integration
-- All connections of a restaurant.
select restaurant_id, id, integration_type, integration_name, config, account, status, last_sync_at, last_error,
    registered_at, registration_error
from public.integration_configs
where restaurant_id = :restaurant_id
order by integration_type, integration_name

-- name: connected -> Integration
-- Every working connection to a provider, for what is done for all of them at night.
select restaurant_id, id, integration_type, integration_name, config, account, status, last_sync_at, last_error,
    registered_at, registration_error
from public.integration_configs
where integration_name = :name and status in ('active', 'error') and credentials_encrypted is not null
order by restaurant_id

-- name: sealed_credentials
-- The sealed credentials of a connection.
select credentials_encrypted from public.integration_configs where restaurant_id = :restaurant_id and id = :id

-- name: sealed_credentials_for_update
-- The same, locked until the transaction ends.
select credentials_encrypted from public.integration_configs where restaurant_id = :restaurant_id and id = :id for update

-- name: set_credentials
-- Keeps new credentials.
update public.integration_configs
set credentials_encrypted = :sealed, updated_at = :now
where restaurant_id = :restaurant_id and id = :id

-- name: lock_account
-- One at a time decides to which restaurant an account of a provider leads.
select pg_advisory_xact_lock(hashtextextended(:name || ':' || :account, 0))

-- name: account_is_taken
-- Whether another restaurant has connected this account, and proved by a test that it may.
select exists (
    select from public.integration_configs
    where integration_name = :name and account = :account and restaurant_id <> :restaurant_id
      and status in ('active', 'error')
)

-- name: connect
-- Makes a connection, or changes its settings; its id stays the same, so its address does too.
insert into public.integration_configs
    (restaurant_id, id, integration_type, integration_name, config, account, status, connected_by, created_at, updated_at)
values (:restaurant_id, :id, :kind, :name, :config, :account, 'pending_setup', :by, :now, :now)
on conflict (restaurant_id, integration_name) do update
set config = integration_configs.config || excluded.config, account = excluded.account, status = 'pending_setup',
    last_error = null, tested_at = null, connected_by = excluded.connected_by, updated_at = excluded.updated_at
returning id

-- name: configure
-- Sets single entries of a connection's settings.
update public.integration_configs
set config = config || :changes::jsonb, updated_at = :now
where restaurant_id = :restaurant_id and id = :id

-- name: move_simulator
-- The simulated providers are reached at another address now; each has its own name under it.
update public.integration_configs
set config = jsonb_set(config, '{base_url}', to_jsonb(:address::text || '/' || integration_name)), updated_at = :now
where config ? 'base_url' and config ->> 'base_url' <> :address::text || '/' || integration_name

-- name: note_test
-- What a test of the connection came to.
update public.integration_configs
set status = case when :error::text is null then 'active' else 'error' end, last_error = :error, tested_at = :now,
    updated_at = :now
where restaurant_id = :restaurant_id and id = :id and status <> 'inactive'

-- name: note_registration
-- What registering the address for webhooks came to.
update public.integration_configs
set registered_at = case when :error::text is null then :now else registered_at end, registration_error = :error,
    updated_at = :now
where restaurant_id = :restaurant_id and id = :id and status <> 'inactive'

-- name: disconnect
-- Ends a connection: its credentials and settings are gone, the row stays for its history; a simulator's address too.
update public.integration_configs
set status = 'inactive', credentials_encrypted = null, account = null, last_error = null, tested_at = null,
    registered_at = null, registration_error = null, updated_at = :now,
    config = case when config ? 'base_url' then jsonb_build_object('base_url', config -> 'base_url') else '{}' end
where restaurant_id = :restaurant_id and integration_name = :name and status <> 'inactive'

-- name: note_contact
-- The other system was heard; written once a minute, or at once where an error ends.
update public.integration_configs
set last_sync_at = :now, last_error = null, status = case when status = 'error' then 'active' else status end
where restaurant_id = :restaurant_id and id = :id and status <> 'inactive'
  and (last_sync_at is null or last_sync_at < :now::timestamptz - interval '1 minute' or last_error is not null)

-- name: note_trouble
-- The other system refused or did not answer.
update public.integration_configs
set last_error = :error, status = case when :is_lasting::boolean and status = 'active' then 'error' else status end
where restaurant_id = :restaurant_id and id = :id and status <> 'inactive' and last_error is distinct from :error

-- name: log_call
-- One line about a call: no bodies, no headers. One of a day whose calls are counted takes the count away.
with counted as (
    delete from public.daily_calls d
    where d.restaurant_id = :restaurant_id and d.ends_at > :now
      and d.starts_at between :now::timestamptz - interval '25 hours' and :now  -- no day is longer
)
insert into public.api_logs
    (restaurant_id, id, api_name, endpoint, method, response_status, response_time_ms, success, error_code, timestamp)
values (:restaurant_id, :id, :provider, :endpoint, :method, :status, :milliseconds, :success, :error_code, :now)

-- name: enqueue
-- Queues an effect on another system, once per key.
insert into public.provider_calls (restaurant_id, id, provider, kind, key, arguments, next_attempt_at, created_at)
values (:restaurant_id, :id, :provider, :kind, :key, :arguments, :at, :now)
on conflict (restaurant_id, provider, key) do nothing

-- name: ring_calls
-- Wakes the worker that carries calls out, once this is committed.
select pg_notify('flow_calls', '')

-- name: claim_calls -> Queued
-- Takes calls that are due, but for the connections that have enough underway; a worker that dies lets them go by itself.
update public.provider_calls c
set attempts = attempts + 1, locked_until = :locked_until
where (c.restaurant_id, c.id) in (
    select d.restaurant_id, d.id
    from public.provider_calls d
    where d.status = 'queued' and d.next_attempt_at <= :now and (d.locked_until is null or d.locked_until <= :now)
      and not exists (
        select from unnest(:busy_restaurants::uuid[], :busy_providers::text[]) as busy (restaurant_id, provider)
        where busy.restaurant_id = d.restaurant_id and busy.provider = d.provider
      )
    order by d.next_attempt_at
    limit :most
    for update skip locked
)
returning c.restaurant_id, c.id, c.provider, c.kind, c.key, c.arguments, c.attempts

-- name: finish_call
-- A call is over: done, dropped (there was nothing to do any more), or failed for good.
update public.provider_calls
set status = :status, result = :result, last_error = :error, locked_until = null, finished_at = :now
where restaurant_id = :restaurant_id and id = :id and status = 'queued'

-- name: postpone_call
-- A call is tried again later; one that only waits does not count as tried.
update public.provider_calls
set next_attempt_at = :at, locked_until = null, last_error = :error,
    attempts = case when :counts::boolean then attempts else greatest(attempts - 1, 0) end
where restaurant_id = :restaurant_id and id = :id and status = 'queued'

-- name: requeue_call
-- Carries a call that failed out again, from now on.
update public.provider_calls
set status = 'queued', attempts = 0, next_attempt_at = :now, locked_until = null, finished_at = null
where restaurant_id = :restaurant_id and id = :id and status = 'failed'

-- name: next_call_at
-- When the next call is due.
select min(greatest(next_attempt_at, locked_until)) from public.provider_calls where status = 'queued'

-- name: troubled_calls -> WaitingCall
-- Calls to a provider that failed, or that were tried before and wait; newest first.
select id, provider, kind, status, attempts, last_error, next_attempt_at, created_at, finished_at
from public.provider_calls
where restaurant_id = :restaurant_id and provider = :provider
  and (status = 'failed' or (status = 'queued' and attempts > 0))
order by created_at desc
limit :most
