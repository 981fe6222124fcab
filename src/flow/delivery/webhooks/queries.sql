-- name: wishes_of -> Wish
-- What the active endpoints of these restaurants want to be told.
select restaurant_id, id, event_types, payload
from public.webhook_endpoints
where restaurant_id = any (:restaurants::uuid[]) and status = 'active'

-- name: add_deliveries
-- Events on their way to endpoints, once each. What follows an event of the same object that waits, waits as long.
insert into public.webhook_deliveries
    (restaurant_id, id, endpoint_id, event_id, event_type, object_id, sequence, body, wanted_at, next_attempt_at, created_at)
select n.restaurant_id, n.id, n.endpoint_id, n.event_id, n.event_type, n.object_id, n.sequence, n.body, n.wanted_at,
    greatest(:now, (
        select max(p.next_attempt_at) from public.webhook_deliveries p
        where p.restaurant_id = n.restaurant_id and p.endpoint_id = n.endpoint_id and p.object_id = n.object_id
          and p.status = 'pending')),
    :now
from unnest(:restaurants::uuid[], :ids::uuid[], :endpoints::uuid[], :events::uuid[], :types::text[],
    :objects::uuid[], :sequences::bigint[], :bodies::text[], :wanted::timestamptz[])
    n (restaurant_id, id, endpoint_id, event_id, event_type, object_id, sequence, body, wanted_at)
on conflict (restaurant_id, endpoint_id, event_id) do nothing

-- name: wake_endpoints
-- These endpoints have something to send, now or when their pause is over.
update public.webhook_endpoints e
set due_at = greatest(:now, e.paused_until)
from unnest(:restaurants::uuid[], :endpoints::uuid[]) n (restaurant_id, id)
where e.restaurant_id = n.restaurant_id and e.id = n.id
  and (e.due_at is null or e.due_at > greatest(:now, e.paused_until))

-- name: claim_deliveries -> Claimed
-- What is to be tried now, a few per endpoint. An event waits for those of the same object before it; an endpoint that
-- fails gets one try at a time; `busy` are those that have their share in this process already.
with ready as (
    select e.restaurant_id, e.id, e.url, e.secrets_sealed, e.consecutive_failures
    from public.webhook_endpoints e
    where e.status = 'active' and e.due_at <= :now and e.id <> all (:busy::uuid[])
    order by e.due_at
    limit 200
    for no key update skip locked
),
chosen as (
    select r.restaurant_id, d.id
    from ready r
    cross join lateral (
        select d.id
        from public.webhook_deliveries d
        where d.restaurant_id = r.restaurant_id and d.endpoint_id = r.id and d.status = 'pending'
          and d.next_attempt_at <= :now and (d.locked_until is null or d.locked_until <= :now)
          and not exists (
            select from public.webhook_deliveries p
            where p.restaurant_id = d.restaurant_id and p.endpoint_id = d.endpoint_id and p.object_id = d.object_id
              and p.status = 'pending' and p.sequence < d.sequence)
        order by d.next_attempt_at, d.sequence
        limit case when r.consecutive_failures > 0 then 1 else :share::int end
    ) d
    limit :most
),
claimed as (
    update public.webhook_deliveries d
    set locked_until = :until
    from chosen c
    where d.restaurant_id = c.restaurant_id and d.id = c.id
    returning d.restaurant_id, d.id, d.endpoint_id, d.event_id, d.object_id, d.sequence, d.body, d.attempts,
        d.next_attempt_at
)
select c.restaurant_id, c.id, c.endpoint_id, c.event_id, c.object_id, c.sequence, c.body, c.attempts, r.url,
    r.secrets_sealed, r.consecutive_failures
from claimed c
join ready r on r.restaurant_id = c.restaurant_id and r.id = c.endpoint_id
order by c.next_attempt_at, c.sequence

-- name: settle_due
-- When these endpoints have next something to send.
update public.webhook_endpoints e
set due_at = (
    select greatest(d.next_attempt_at, e.paused_until)
    from public.webhook_deliveries d
    where d.restaurant_id = e.restaurant_id and d.endpoint_id = e.id and d.status = 'pending'
      and (d.locked_until is null or d.locked_until <= :now)
    order by d.next_attempt_at
    limit 1)
from unnest(:restaurants::uuid[], :endpoints::uuid[]) n (restaurant_id, id)
where e.restaurant_id = n.restaurant_id and e.id = n.id

-- name: revive
-- Wakes endpoints whose deliveries somebody claimed and never told the end of: that process is gone.
update public.webhook_endpoints e
set due_at = greatest(:now, e.paused_until)
from (
    select distinct d.restaurant_id, d.endpoint_id
    from public.webhook_deliveries d
    where d.status = 'pending' and d.locked_until <= :now
) d
where e.restaurant_id = d.restaurant_id and e.id = d.endpoint_id and e.status = 'active'
  and (e.due_at is null or e.due_at > greatest(:now, e.paused_until))

-- name: add_attempts
-- What came of tries.
insert into public.webhook_attempts
    (restaurant_id, id, delivery_id, endpoint_id, attempted_at, duration_ms, status_code, error, answer)
select n.restaurant_id, n.id, n.delivery_id, n.endpoint_id, n.attempted_at, n.duration_ms, n.status_code, n.error, n.answer
from unnest(:restaurants::uuid[], :ids::uuid[], :deliveries::uuid[], :endpoints::uuid[], :times::timestamptz[],
    :durations::int[], :codes::int[], :errors::text[], :answers::text[])
    n (restaurant_id, id, delivery_id, endpoint_id, attempted_at, duration_ms, status_code, error, answer)

-- name: conclude_deliveries
-- What becomes of deliveries after a try.
update public.webhook_deliveries d
set status = n.status, attempts = d.attempts + 1, next_attempt_at = n.next_attempt_at, locked_until = null,
    finished_at = case when n.status <> 'pending' then :now::timestamptz end
from unnest(:restaurants::uuid[], :ids::uuid[], :statuses::text[], :times::timestamptz[])
    n (restaurant_id, id, status, next_attempt_at)
where d.restaurant_id = n.restaurant_id and d.id = n.id and d.status = 'pending'

-- name: hold_followers
-- What happened later to the same object waits for the delivery that is to be tried again.
update public.webhook_deliveries d
set next_attempt_at = n.next_attempt_at
from unnest(:restaurants::uuid[], :endpoints::uuid[], :objects::uuid[], :sequences::bigint[], :times::timestamptz[])
    n (restaurant_id, endpoint_id, object_id, sequence, next_attempt_at)
where d.restaurant_id = n.restaurant_id and d.endpoint_id = n.endpoint_id and d.object_id = n.object_id
  and d.status = 'pending' and d.sequence > n.sequence and d.next_attempt_at < n.next_attempt_at

-- name: note_health -> Disabled
-- How endpoints do. After three failures in a row an endpoint rests, up to five minutes at a time; one that is gone, or
-- failed for five days, is disabled: those are answered.
with told as (
    select e.restaurant_id, e.id, e.status as before, n.error, n.is_gone, n.failures, n.has_success, n.retry_after,
        case when n.failures = 0 then 0
             when n.has_success then n.failures else e.consecutive_failures + n.failures end as in_a_row,
        case when n.failures = 0 then null when n.has_success then :now::timestamptz
             else coalesce(e.failing_since, :now) end as failing_since
    from unnest(:restaurants::uuid[], :endpoints::uuid[], :failures::int[], :has_success::bool[], :is_gone::bool[],
        :retry_after::float8[], :errors::text[])
        n (restaurant_id, id, failures, has_success, is_gone, retry_after, error)
    join public.webhook_endpoints e on e.restaurant_id = n.restaurant_id and e.id = n.id
    where n.failures > 0 or e.consecutive_failures > 0 or e.last_success_at is null
       or e.last_success_at < :now::timestamptz - interval '5 seconds'
    for no key update of e
),
judged as (
    select t.*,
        case when t.before <> 'active' then null when t.is_gone then 'gone'
             when t.failures > 0 and t.failing_since <= :now::timestamptz - interval '5 days' then 'failing' end as ended
    from told t
),
noted as (
    update public.webhook_endpoints e
    set consecutive_failures = j.in_a_row,
        failing_since = j.failing_since,
        paused_until = case when j.failures > 0 then greatest(
            case when j.retry_after > 0 then :now::timestamptz + make_interval(secs => j.retry_after) end,
            case when j.in_a_row >= 3
                 then :now::timestamptz + make_interval(secs => least(5 * power(2, least(j.in_a_row - 3, 10)), 300)) end) end,
        last_success_at = case when j.has_success then :now else e.last_success_at end,
        last_failure_at = case when j.failures > 0 then :now else e.last_failure_at end,
        last_error = case when j.failures > 0 then j.error else e.last_error end,
        status = case when j.ended is not null then 'disabled' else e.status end,
        disabled_reason = coalesce(j.ended, e.disabled_reason)
    from judged j
    where e.restaurant_id = j.restaurant_id and e.id = j.id
    returning e.restaurant_id, e.id, e.url, j.ended
)
select restaurant_id, id, url, ended as disabled_reason from noted where ended is not null

-- name: notify_disabled
-- A message to the restaurant's people.
insert into public.notifications (restaurant_id, id, kind, severity, title, body, facts, link, created_at)
values (:restaurant_id, :id, 'webhook_disabled', 'warning', :title, :body, :facts, :link, :now)

-- name: endpoints_of -> Endpoint
-- A restaurant's endpoints that were not removed.
select restaurant_id, id, url, description, event_types, payload, status, disabled_reason, public_key,
    consecutive_failures, failing_since, paused_until, last_success_at, last_failure_at, last_error, created_at
from public.webhook_endpoints
where restaurant_id = :restaurant_id and status <> 'removed'
order by created_at, id

-- name: find_endpoint -> Endpoint
-- An endpoint that was not removed.
select restaurant_id, id, url, description, event_types, payload, status, disabled_reason, public_key,
    consecutive_failures, failing_since, paused_until, last_success_at, last_failure_at, last_error, created_at
from public.webhook_endpoints
where restaurant_id = :restaurant_id and id = :endpoint_id and status <> 'removed'

-- name: count_endpoints
-- How many endpoints a restaurant has.
select count(*)::int from public.webhook_endpoints where restaurant_id = :restaurant_id and status <> 'removed'

-- name: lock_endpoints
-- One at a time sets endpoints of a restaurant up, so that none is made twice and none too many.
select pg_advisory_xact_lock(hashtextextended('webhook_endpoints:' || :restaurant_id::text, 0))

-- name: endpoint_made_with -> Endpoint
-- The endpoint that a program has set up with this key, if it is there still.
select restaurant_id, id, url, description, event_types, payload, status, disabled_reason, public_key,
    consecutive_failures, failing_since, paused_until, last_success_at, last_failure_at, last_error, created_at
from public.webhook_endpoints
where restaurant_id = :restaurant_id and creation_key = :key

-- name: add_endpoint
-- A new endpoint.
insert into public.webhook_endpoints
    (restaurant_id, id, url, description, event_types, payload, secrets_sealed, public_key, created_by, created_at,
     updated_at, creation_key)
values (:restaurant_id, :id, :url, :description, :event_types, :payload, :secrets_sealed, :public_key, :by, :at, :at, :key)

-- name: change_endpoint
-- Another address, or other wishes.
update public.webhook_endpoints
set url = :url, description = :description, event_types = :event_types, payload = :payload, updated_at = :at
where restaurant_id = :restaurant_id and id = :endpoint_id and status <> 'removed'

-- name: switch_endpoint
-- On, off, or gone. Switched on, it begins with a clean slate and with what has waited.
update public.webhook_endpoints
set status = :status, disabled_reason = null, consecutive_failures = 0, failing_since = null, paused_until = null,
    due_at = case when :status::text = 'active' then :at::timestamptz end, updated_at = :at
where restaurant_id = :restaurant_id and id = :endpoint_id and status <> 'removed'

-- name: lock_secrets
-- An endpoint's sealed keys, held until the transaction ends.
select secrets_sealed from public.webhook_endpoints
where restaurant_id = :restaurant_id and id = :endpoint_id and status <> 'removed'
for no key update

-- name: change_secrets
-- Other keys.
update public.webhook_endpoints
set secrets_sealed = :secrets_sealed, public_key = :public_key, updated_at = :at
where restaurant_id = :restaurant_id and id = :endpoint_id

-- name: tell_again
-- Deliveries that are over and shall be made once more, as if for the first time.
update public.webhook_deliveries
set status = 'pending', attempts = 0, wanted_at = :now, next_attempt_at = :now, locked_until = null, finished_at = null
where restaurant_id = :restaurant_id and endpoint_id = :endpoint_id and event_id = any (:events::uuid[])
  and (status = 'failed' or (status = 'delivered' and :delivered_too::bool))

-- name: hurry
-- Deliveries that wait for their next try need not any longer; the endpoint's rest is over.
with woken as (
    update public.webhook_endpoints
    set paused_until = null, due_at = :now
    where restaurant_id = :restaurant_id and id = :endpoint_id and status = 'active'
)
update public.webhook_deliveries
set next_attempt_at = :now
where restaurant_id = :restaurant_id and endpoint_id = :endpoint_id and event_id = any (:events::uuid[])
  and status = 'pending' and locked_until is null

-- name: wake_sender
-- The sender looks, once this transaction has committed.
select pg_notify('flow_outbox', '')

-- name: deliveries_of -> Delivery
-- A page of an endpoint's deliveries, newest first.
select d.restaurant_id, d.id, d.endpoint_id, d.event_id, d.event_type, d.body, d.status, d.attempts, d.next_attempt_at,
    d.created_at, d.finished_at, a.status_code as last_code, a.error as last_error
from public.webhook_deliveries d
left join lateral (
    select t.status_code, t.error from public.webhook_attempts t
    where t.restaurant_id = d.restaurant_id and t.delivery_id = d.id
    order by t.attempted_at desc, t.id desc limit 1
) a on true
where d.restaurant_id = :restaurant_id and d.endpoint_id = :endpoint_id
  and (:status::text is null or d.status = :status)
  and (:delivery_id::uuid is null or d.id = :delivery_id)
  and (:before::timestamptz is null or (d.created_at, d.id) < (:before, :before_id::uuid))
order by d.created_at desc, d.id desc
limit :most

-- name: deliveries_about -> DeliveryAbout
-- What the restaurant's endpoints were told of these things, newest first.
select d.id, d.endpoint_id, coalesce(nullif(p.description, ''), p.url) as endpoint, d.event_type, d.status, d.attempts,
    d.created_at
from public.outbox_events e
join public.webhook_endpoints p on p.restaurant_id = e.restaurant_id and p.status <> 'removed'
join public.webhook_deliveries d
    on d.restaurant_id = e.restaurant_id and d.endpoint_id = p.id and d.event_id = e.id
where e.restaurant_id = :restaurant_id and e.object_id = any (:things::uuid[])
order by e.sequence desc, p.id
limit 100

-- name: attempts_of -> Attempt
-- The tries of a delivery, newest first.
select id, attempted_at, duration_ms, status_code, error, answer
from public.webhook_attempts
where restaurant_id = :restaurant_id and delivery_id = :delivery_id
order by attempted_at desc, id desc
limit 50
