-- A refund is told once, when the money goes back: not when it is asked for, and also where the provider made it by
-- itself. Each is a step of its order that says how much, so it has a version of its own and cannot be told twice.

alter table public.order_status_changes add column refund_amount bigint check (refund_amount >= 0);
comment on column public.order_status_changes.refund_amount is
    'What went back with this step, in øre; 0 where it was only asked for. Null: no refund, or one before this was kept.';

drop function app.move_order(uuid, uuid, text, text, uuid, uuid, timestamptz);
create function app.move_order(
    a_restaurant uuid, an_order uuid, new_status text, a_reason text, a_step uuid, a_mover uuid, moved_at timestamptz,
    a_refund bigint default null)
    returns setof public.orders
    language plpgsql security definer set search_path = ''
    as $$
declare
    old public.orders;
    pays_back boolean;
begin
    if not app.may('orders.write', a_restaurant) then
        raise exception 'orders.write is missing' using errcode = '42501';
    end if;
    select * into old from public.orders o where o.restaurant_id = a_restaurant and o.id = an_order for update;
    if old.id is null then
        return;
    end if;
    -- A part that is paid back is a step that stays where it is.
    pays_back := new_status = 'refunded' or new_status = old.status and old.status in ('completed', 'cancelled');
    if pays_back and not app.may('payments.write', a_restaurant) then
        raise exception 'payments.write is missing' using errcode = '42501';
    end if;
    if new_status <> old.status and not app.may_follow(old.status, new_status, old.fulfillment_type)
        or new_status = old.status and not pays_back or new_status = 'cancelled' and coalesce(a_reason, '') = '' then
        raise exception 'an order that is % cannot become %', old.status, new_status using errcode = '23514';
    end if;
    if a_refund > old.refunded_amount or a_refund is not null and not pays_back then
        raise exception 'no such amount was paid back' using errcode = '23514';
    end if;
    insert into public.order_status_changes
        (restaurant_id, order_id, changed_at, id, from_status, to_status, changed_by, reason, refund_amount)
    values (a_restaurant, an_order, moved_at, a_step, old.status, new_status, coalesce(app.user_id(), a_mover), a_reason,
        a_refund);
    return query
        update public.orders o
        set status = new_status,
            cancel_reason = case when new_status = 'cancelled' and old.status <> new_status then a_reason
                else o.cancel_reason end,
            confirmed_at = case when new_status = 'confirmed' then moved_at else o.confirmed_at end,
            completed_at = case when new_status = 'completed' and old.status <> new_status then moved_at
                else o.completed_at end,
            cancelled_at = case when new_status = 'cancelled' and old.status <> new_status then moved_at
                else o.cancelled_at end,
            refunded_at = case when new_status = 'refunded' then moved_at else o.refunded_at end,
            updated_at = moved_at
        where o.restaurant_id = a_restaurant and o.id = an_order
        returning o.*;
end
$$;
comment on function app.move_order(uuid, uuid, text, text, uuid, uuid, timestamptz, bigint) is
    'The one way in which an order changes its state: checks who, from where and whereto, records the step, answers the '
    'order as it is then. `a_mover` counts only where no user asks; `a_refund` is what the order was paid back just now.';
grant execute on function app.move_order(uuid, uuid, text, text, uuid, uuid, timestamptz, bigint)
    to authenticated, service_role;

-- What people may set in motion they may have told, but they cannot make anything up: all of it is read from the rows.
create or replace function app.record_events(a_restaurant uuid, an_order uuid, ids uuid[]) returns void
    language sql security definer set search_path = ''
    as $$
        with moved as (
            select o.*, s.from_status, s.to_status, s.changed_at, s.refund_amount,
                (select count(*) from public.order_status_changes c
                 where c.restaurant_id = a_restaurant and c.order_id = an_order) as version
            from public.orders o
            cross join lateral (
                select c.from_status, c.to_status, c.changed_at, c.refund_amount from public.order_status_changes c
                where c.restaurant_id = a_restaurant and c.order_id = an_order
                order by c.changed_at desc, c.id desc limit 1
            ) s
            where o.restaurant_id = a_restaurant and o.id = an_order
              and (app.may('orders.write', a_restaurant) or app.may('payments.write', a_restaurant))
        ),
        paid as (
            select p.id, p.status, p.refunded_amount, p.created_at, p.updated_at, jsonb_build_object(
                'payment_id', p.id, 'provider', p.provider, 'status', p.status, 'currency', p.currency,
                'amount', p.amount, 'refunded_amount', p.refunded_amount,
                'completed_at', app.utc_text(p.completed_at)) as told
            from public.payments p
            where p.restaurant_id = a_restaurant and p.order_id = an_order
        ),
        -- A payment has no steps of its own: what changed is what differs from what was told last.
        changed as (
            select p.id, p.told, p.updated_at,
                case when p.status = l.status and p.refunded_amount = l.refunded then null
                     when p.refunded_amount > coalesce(l.refunded, 0) then 'refunded'
                     when p.refunded_amount < coalesce(l.refunded, 0) then 'refund_failed'
                     when p.status = 'disputed' then 'disputed'
                     when l.status = 'disputed' then 'dispute_closed'
                     when p.status = 'completed' then 'received'
                     when p.status = 'expired' then 'cancelled'
                     else p.status end as name,
                -- Grows when what was told before has been deleted, too.
                greatest(coalesce(l.version, 0) + 1,
                    1 + (extract(epoch from p.updated_at - p.created_at) * 1000)::bigint) as version
            from paid p
            left join lateral (
                select e.data ->> 'status' as status, (e.data ->> 'refunded_amount')::bigint as refunded, e.version
                from public.outbox_events e
                where e.restaurant_id = a_restaurant and e.object_id = p.id
                order by e.version desc limit 1
            ) l on true
        ),
        told as (
            select m.*, jsonb_build_object(
                'order_id', m.id, 'order_number', m.order_number, 'status', m.to_status,
                'previous_status', m.from_status, 'channel', m.channel, 'fulfillment_type', m.fulfillment_type,
                'payment_method', m.payment_method, 'currency', m.currency, 'subtotal', m.subtotal,
                'discount_amount', m.discount_amount, 'discount_code', m.discount_code,
                'delivery_fee', m.delivery_fee, 'tax_amount', m.tax_amount, 'total', m.total,
                'refunded_amount', m.refunded_amount, 'source', m.source, 'external_id', m.external_id,
                'created_at', app.utc_text(m.created_at), 'confirmed_at', app.utc_text(m.confirmed_at),
                'completed_at', app.utc_text(m.completed_at), 'cancelled_at', app.utc_text(m.cancelled_at),
                'refunded_at', app.utc_text(m.refunded_at),
                'items', coalesce((
                    select jsonb_agg(jsonb_build_object(
                        'product_id', i.product_id, 'name', i.product_name, 'sku', i.product_sku,
                        'category', i.product_category, 'unit_price', i.unit_price, 'quantity', i.quantity,
                        'line_total', i.line_total, 'discount_amount', i.discount_amount, 'options', i.options)
                        order by i.id)
                    from public.order_items i where i.restaurant_id = a_restaurant and i.order_id = an_order), '[]'),
                'payments', coalesce((select jsonb_agg(p.told order by p.id) from paid p), '[]')) as data
            from moved m
        ),
        happened as (
            select 1 as place, 'customer.created' as event_type, 'customer' as object_type, c.id as object_id,
                1::bigint as version, c.created_at as at,
                jsonb_build_object(
                    'has_phone', c.phone is not null, 'has_email', c.email is not null, 'channel', m.channel,
                    'created_at', app.utc_text(c.created_at)) as data
            from moved m
            join public.customers c on c.restaurant_id = a_restaurant and c.id = m.customer_id
            where m.version = 1 and c.created_at = m.recorded_at
            union all
            select e.place, e.event_type, 'order', t.id, t.version, t.changed_at, t.data || e.more
            from told t
            cross join lateral (values
                (2, 'order.created', t.from_status is null, '{}'),
                (3, 'order.status_changed', t.from_status <> t.to_status, '{}'),
                -- An order whose refund came back is where it was, which was told when it came there.
                (4, 'order.completed', t.to_status = 'completed' and t.from_status not in ('completed', 'refunded'), '{}'),
                (5, 'order.cancelled', t.to_status = 'cancelled' and t.from_status not in ('cancelled', 'refunded'), '{}'),
                -- Once per step with which money went back, and where people say so without any.
                (6, 'order.refunded', t.refund_amount > 0 or t.from_status <> 'refunded' and t.to_status = 'refunded',
                    jsonb_build_object(
                        'refund_amount', coalesce(t.refund_amount, 0),
                        'is_fully_refunded', t.to_status = 'refunded' or t.refunded_amount = t.total))
            ) e (place, event_type, holds, more)
            -- What was told of an older step may have been deleted meanwhile: it is not told again when a payment changes.
            where e.holds and t.changed_at > (
                select greatest(t.updated_at, max(p.updated_at)) from paid p) - interval '25 days'
            union all
            select 7, 'payment.' || c.name, 'payment', c.id, c.version, c.updated_at,
                c.told || jsonb_build_object('order_id', m.id, 'order_number', m.order_number)
            from moved m
            cross join changed c
            where c.name in ('authorized', 'received', 'failed', 'cancelled', 'refunded', 'refund_failed', 'disputed',
                'dispute_closed') and c.updated_at > m.updated_at - interval '25 days'
        ),
        news as (
            select h.*, row_number() over (order by h.place, h.object_id) as number
            from happened h
            where not exists (
                select from public.outbox_events e
                where e.restaurant_id = a_restaurant and e.object_id = h.object_id and e.version = h.version
                  and e.event_type = h.event_type)
        )
        insert into public.outbox_events
            (restaurant_id, id, event_type, object_type, object_id, version, customer_id, data, occurred_at)
        select a_restaurant, coalesce(ids[n.number], gen_random_uuid()), n.event_type, n.object_type, n.object_id,
            n.version, m.customer_id, n.data, n.at
        from news n cross join moved m
        order by n.number
        on conflict do nothing
    $$;
