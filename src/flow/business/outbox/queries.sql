-- name: record_events
-- What the order's last step and its payments' states are, unless the outbox has it; readers wake after the commit.
select app.record_events(:restaurant_id, :order_id, :ids::uuid[]), pg_notify('flow_outbox', '')

-- name: claim_events -> OutboxEvent
-- The oldest events that nobody was told of yet. One process at a time, so that they are told in their order.
with turn as (
    select pg_try_advisory_xact_lock(hashtextextended('flow outbox', 0)) as is_mine
)
select e.restaurant_id, e.id, e.sequence, e.event_type, e.object_type, e.object_id, e.version, e.customer_id, e.data,
    e.occurred_at
from public.outbox_events e
where e.fanned_out_at is null and (select t.is_mine from turn t)
order by e.sequence
limit :most

-- name: note_fanned_out
-- These need not be looked at again.
update public.outbox_events e
set fanned_out_at = :now
from unnest(:restaurants::uuid[], :ids::uuid[]) n (restaurant_id, id)
where e.restaurant_id = n.restaurant_id and e.id = n.id

-- name: events_since -> OutboxEvent
-- A restaurant's events of these types since a time, oldest first, page by page.
select restaurant_id, id, sequence, event_type, object_type, object_id, version, customer_id, data, occurred_at
from public.outbox_events
where restaurant_id = :restaurant_id and occurred_at >= :since and event_type = any (:event_types::text[])
  and sequence > :after
order by sequence
limit :most

-- name: add_event
-- An event that no order made: a test of an endpoint. It is told directly, to this endpoint alone.
insert into public.outbox_events
    (restaurant_id, id, event_type, object_type, object_id, version, data, occurred_at, fanned_out_at)
values (:restaurant_id, :id, :event_type, 'endpoint', :object_id, :version, :data, :at, :at)
returning sequence
