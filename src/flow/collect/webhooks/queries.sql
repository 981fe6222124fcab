-- name: insert_items
-- Puts what arrived into the inbox, each fact once; what is there already stays as it is.
insert into public.webhook_inbox
    (restaurant_id, id, provider, dedupe_key, event_type, payload_sealed, subject, status, reason, next_attempt_at, received_at)
select
    unnest(:restaurant_ids::uuid[]), unnest(:ids::uuid[]), unnest(:providers::text[]), unnest(:dedupe_keys::text[]),
    unnest(:event_types::text[]), unnest(:payloads::bytea[]), unnest(:subjects::text[]), unnest(:statuses::text[]),
    unnest(:reasons::text[]), unnest(:received::timestamptz[]), unnest(:received::timestamptz[])
on conflict (restaurant_id, provider, dedupe_key) do nothing

-- name: ring_inbox
-- Wakes the worker that applies what arrived, once this is committed.
select pg_notify('flow_inbox', '')

-- name: add_refusals
-- Adds to how many deliveries were refused; always in the same order, so that two processes never wait for each other.
insert into public.webhook_refusals (restaurant_id, hour, provider, reason, deliveries)
select restaurant_id, hour, provider, reason, deliveries
from unnest(:restaurants::uuid[], :hours::timestamptz[], :providers::text[], :reasons::text[], :deliveries::bigint[])
    as refused (restaurant_id, hour, provider, reason, deliveries)
where exists (select from public.restaurants r where r.id = refused.restaurant_id)
order by restaurant_id, hour, provider, reason
on conflict (restaurant_id, hour, provider, reason)
    do update set deliveries = webhook_refusals.deliveries + excluded.deliveries

-- name: due_items -> DueItem
-- Which items are due, the oldest first. Finding them reads all that wait, so it is asked once for many.
select restaurant_id, id
from public.webhook_inbox
where status = 'received' and next_attempt_at <= :now
order by next_attempt_at, id
limit :most

-- name: claim_item -> SealedItem
-- An item that is due still, unless somebody else is applying it.
select restaurant_id, id, provider, event_type, payload_sealed, received_at, attempts
from public.webhook_inbox
where restaurant_id = :restaurant_id and id = :id and status = 'received' and next_attempt_at <= :now
for update skip locked

-- name: conclude_item
-- What became of an item.
update public.webhook_inbox
set status = :status, reason = :reason, attempts = attempts + 1, processed_at = :now
where restaurant_id = :restaurant_id and id = :id

-- name: postpone_item
-- An item is tried again later.
update public.webhook_inbox
set attempts = attempts + 1, next_attempt_at = :at, reason = :reason
where restaurant_id = :restaurant_id and id = :id

-- name: log_delivery
-- A line about an item in the log of webhooks: no body, no headers.
insert into public.webhook_logs
    (restaurant_id, id, webhook_type, webhook_name, method, url, response_status, status, error_message, retry_count,
     received_at, processed_at)
values (:restaurant_id, :id, 'incoming', :provider, 'POST', :url, 200, :status, :error, :attempts, :received_at, :now)
on conflict (restaurant_id, id) do update
set status = excluded.status, error_message = excluded.error_message, retry_count = excluded.retry_count,
    processed_at = excluded.processed_at

-- name: next_item_at
-- When the next item is due.
select min(next_attempt_at) from public.webhook_inbox where status = 'received'

-- name: items_of -> InboxItem
-- The newest of a restaurant's inbox; of one status and one provider where asked.
select id, provider, event_type, status, reason, attempts, received_at, processed_at, next_attempt_at
from public.webhook_inbox
where restaurant_id = :restaurant_id and (:status::text is null or status = :status)
  and (:provider::text is null or provider = :provider)
order by received_at desc, id desc
limit :most

-- name: count_parked
-- How many items of a restaurant wait for a person.
select count(*) from public.webhook_inbox where restaurant_id = :restaurant_id and status = 'parked'

-- name: apply_again
-- Sends parked items round again: the one asked for, or all of them.
update public.webhook_inbox
set status = 'received', attempts = 0, next_attempt_at = :now, processed_at = null
where restaurant_id = :restaurant_id and status = 'parked' and payload_sealed is not null
  and (:id::uuid is null or id = :id)

-- name: find_parked -> Parked
-- Restaurants and providers with items that were parked since a moment.
select restaurant_id, provider, count(*) as items
from public.webhook_inbox
where status = 'parked' and processed_at >= :since
group by restaurant_id, provider

-- name: notify
-- A message to the restaurant's people, unless they have had the same within half a day.
insert into public.notifications (restaurant_id, id, kind, severity, title, body, facts, link, created_at)
select :restaurant_id, :id, :kind, 'warning', :title, :body, :facts, :link, :now
where not exists (
    select from public.notifications
    where restaurant_id = :restaurant_id and kind = :kind and link = :link and created_at > :now::timestamptz - interval '12 hours'
)
