-- What an order's state does to money and points. People move orders under row level security, but payments, refunds and
-- points are not theirs to write: these functions write them, for an order that the caller may move.

create function app.may(permission text, a_restaurant uuid) returns boolean
    language sql stable parallel safe
    as $$
        select coalesce(a_restaurant = any (app.restaurants_with(permission)), false)
            or coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' = 'service_role', false)
    $$;
comment on function app.may(text, uuid) is 'Whether the claims hold a permission in a restaurant; the service holds all.';
grant execute on function app.may(text, uuid) to authenticated, service_role;

create function app.settle_payments(a_restaurant uuid, an_order uuid, settled_at timestamptz) returns void
    language sql security definer set search_path = ''
    as $$
        update public.payments p
        set status = case o.status when 'completed' then 'completed' else 'failed' end,
            completed_at = case o.status when 'completed' then settled_at end,
            failed_at = case o.status when 'cancelled' then settled_at end,
            updated_at = settled_at
        from public.orders o
        where o.restaurant_id = a_restaurant and o.id = an_order
          and p.restaurant_id = a_restaurant and p.order_id = an_order
          and p.status in ('pending', 'processing')
          and (o.status = 'cancelled' or o.status = 'completed' and p.provider = 'cash')
          and app.may('orders.write', a_restaurant)
    $$;
comment on function app.settle_payments(uuid, uuid, timestamptz) is
    'Cash is paid when its order is completed; what is unpaid when its order is cancelled will not be.';
grant execute on function app.settle_payments(uuid, uuid, timestamptz) to authenticated, service_role;

create function app.record_refund(
    a_restaurant uuid, a_payment uuid, refund bigint, refund_reason text, refunded_at timestamptz) returns void
    language sql security definer set search_path = ''
    as $$
        with refunded as (
            update public.payments p
            set refunded_amount = p.refunded_amount + refund,
                refund_reason = record_refund.refund_reason,
                status = case when p.refunded_amount + refund = p.amount then 'refunded' else p.status end,
                updated_at = record_refund.refunded_at
            where p.restaurant_id = a_restaurant and p.id = a_payment and p.status = 'completed' and refund > 0
              and app.may('payments.write', a_restaurant)
            returning p.order_id
        )
        update public.orders o
        set refunded_amount = o.refunded_amount + refund, updated_at = record_refund.refunded_at
        from refunded r
        where o.restaurant_id = a_restaurant and o.id = r.order_id
    $$;
comment on function app.record_refund(uuid, uuid, bigint, text, timestamptz) is
    'Pays part or all of a payment back; never more than was paid.';
grant execute on function app.record_refund(uuid, uuid, bigint, text, timestamptz) to authenticated, service_role;

create function app.settle_points(a_restaurant uuid, an_order uuid, a_transaction uuid, settled_at timestamptz)
    returns void
    language sql security definer set search_path = ''
    as $$
        with due as (
            select o.customer_id, l.points as balance,
                (o.total - o.refunded_amount) / 1000 - coalesce((
                    select sum(t.points) from public.loyalty_transactions t
                    where t.restaurant_id = a_restaurant and t.order_id = an_order and t.kind in ('earned', 'adjusted')
                ), 0)::bigint as change
            from public.orders o
            join public.loyalty_points l on l.restaurant_id = o.restaurant_id and l.customer_id = o.customer_id
            where o.restaurant_id = a_restaurant and o.id = an_order and o.completed_at >= l.created_at
              and app.may('orders.write', a_restaurant)
            for update of l
        ),
        given as (
            insert into public.loyalty_transactions
                (restaurant_id, id, customer_id, order_id, kind, points, reason, created_at)
            select a_restaurant, a_transaction, d.customer_id, an_order,
                case when d.change > 0 then 'earned' else 'adjusted' end, greatest(d.change, -d.balance),
                case when d.change > 0 then 'order completed' else 'order refunded' end, settled_at
            from due d
            where greatest(d.change, -d.balance) <> 0
            returning customer_id, points
        )
        update public.loyalty_points l
        set points = l.points + g.points, lifetime_points = greatest(l.lifetime_points + g.points, 0),
            updated_at = settled_at
        from given g
        where l.restaurant_id = a_restaurant and l.customer_id = g.customer_id
    $$;
comment on function app.settle_points(uuid, uuid, uuid, timestamptz) is
    'One point per whole 10 kr. that a member paid for a completed order; a refund takes back what is still there.';
grant execute on function app.settle_points(uuid, uuid, uuid, timestamptz) to authenticated, service_role;
