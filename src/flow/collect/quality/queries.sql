-- name: dropped -> Dropped
-- What was dropped between two times, newest hour first.
select hour, reason, detail, count
from public.dropped_events
where restaurant_id = :restaurant_id and hour >= :since and hour < :until
order by hour desc, reason, detail
limit :limit

-- name: rejected -> RejectedEvent
-- A page of the quarantine, newest first, from after a row on; by reason and by whether it was replayed, where asked.
select id, received_at, reason, message, event_name, raw, context, replayed_at, replay_outcome
from public.rejected_events
where restaurant_id = :restaurant_id
  and (:reason::text is null or reason = :reason)
  and (:is_replayed::boolean is null or (replayed_at is not null) = :is_replayed)
  and (:before_at::timestamptz is null or (received_at, id) < (:before_at, :before_id::uuid))
order by received_at desc, id desc
limit :limit

-- name: to_replay -> ToReplay
-- Events of the quarantine that have not got in yet, oldest first; locked, so that nobody else replays them meanwhile.
select id, received_at, reason, raw, context::text as context
from public.rejected_events
where restaurant_id = :restaurant_id and id = any (:ids) and replay_outcome is distinct from 'accepted'
order by received_at, id
for update

-- name: mark_replayed
-- What became of replayed events.
update public.rejected_events r
set replayed_at = :now, replay_outcome = done.outcome
from unnest(:ids::uuid[], :outcomes::text[]) as done (id, outcome)
where r.restaurant_id = :restaurant_id and r.id = done.id

-- name: captured -> Captured
-- Per span: events that pages numbered and those that came in; web orders and those that an event tells about.
select
    s.span::int, p.events_expected, p.events_captured, o.web_orders, o.web_orders_captured
from unnest(:starts::timestamptz[], :ends::timestamptz[]) with ordinality as s (starts_at, ends_at, span)
cross join lateral (
    select
        coalesce(sum(v.max_seq), 0)::bigint as events_expected,
        coalesce(sum(least(v.events_received, v.max_seq)), 0)::bigint as events_captured
    from public.page_views v
    where v.restaurant_id = :restaurant_id and v.entered_at >= s.starts_at and v.entered_at < s.ends_at
) p
cross join lateral (
    select count(*) as web_orders, count(told.order_id) as web_orders_captured
    from public.orders w
    left join (
        select distinct e.event_data ->> 'order_id' as order_id
        from public.events e
        where e.restaurant_id = :restaurant_id and e.event_name = 'checkout_completed'
          and e.timestamp >= s.starts_at - interval '1 day' and e.timestamp < s.ends_at + interval '1 day'
    ) told on told.order_id = w.id::text
    where w.restaurant_id = :restaurant_id and w.created_at >= s.starts_at and w.created_at < s.ends_at
      and w.channel = 'web' and w.source = 'flow' and w.status <> 'cancelled'
) o
order by s.span
