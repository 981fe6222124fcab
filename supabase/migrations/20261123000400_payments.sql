-- Payments that a provider carries out: reserved, captured, paid back in parts, disputed. What providers told is kept as
-- facts that only grow (captured_amount, reported_refunded, refunds by their number), so that deliveries may come twice
-- and in any order; the status follows from them.

alter table public.payments
    drop constraint payments_status_check,
    add constraint payments_status_check check (status in
        ('pending', 'processing', 'authorized', 'completed', 'partially_refunded', 'refunded', 'disputed', 'failed',
         'cancelled', 'expired')),
    add column captured_amount bigint not null default 0 check (captured_amount between 0 and amount),
    add column refunding_amount bigint not null default 0 check (refunding_amount >= 0),
    add column reported_refunded bigint not null default 0 check (reported_refunded >= 0),
    add column dispute text check (dispute in ('open', 'won', 'lost')),
    add column authorized_at timestamptz,
    add column told_at timestamptz,
    add column checkout_id text check (length(checkout_id) between 1 and 200),
    add column checkout_url text check (length(checkout_url) between 1 and 2000),
    add column next_look_at timestamptz;
comment on column public.payments.captured_amount is 'What Stripe or MobilePay has taken; other payments leave it 0.';
comment on column public.payments.refunding_amount is 'What is asked of the provider to be paid back, and is not yet.';
comment on column public.payments.reported_refunded is 'The most that the provider ever said was paid back in all.';
comment on column public.payments.told_at is 'The provider''s time of what the status stems from.';
comment on column public.payments.checkout_id is 'The provider''s number of the page on which the guest pays.';
comment on column public.payments.next_look_at is 'When to ask the provider how the payment is, should it not tell.';
-- Payments underway: few, and asked for every few seconds.
create index payments_underway on public.payments (restaurant_id, order_id)
    where status in ('pending', 'processing', 'authorized') and provider in ('stripe', 'mobilepay');
create index payments_to_look_at on public.payments (restaurant_id, next_look_at) where next_look_at is not null;

create table public.payment_refunds (
    restaurant_id uuid not null,
    id uuid not null,
    payment_id uuid not null,
    order_id uuid not null,
    amount bigint not null check (amount > 0),
    status text not null default 'requested' check (status in ('requested', 'pending', 'succeeded', 'failed')),
    provider_refund_id text check (length(provider_refund_id) between 1 and 200),
    reason text,
    requested_by uuid,
    failure_code text check (length(failure_code) between 1 and 100),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (restaurant_id, id),
    unique (restaurant_id, payment_id, provider_refund_id)
);
create index payment_refunds_order on public.payment_refunds (restaurant_id, order_id);
create index payment_refunds_requested on public.payment_refunds (restaurant_id, created_at) where status = 'requested';
comment on table public.payment_refunds is
    'tenant: refunds through a provider, those of FLOW and those made elsewhere. Bookkeeping: never deleted by code.';
comment on column public.payment_refunds.status is
    'requested: to be carried out; pending: at the provider; failed: came back, even after it had succeeded.';

alter table public.payment_refunds
    add foreign key (restaurant_id, payment_id) references public.payments (restaurant_id, id),
    add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);

revoke all on public.payment_refunds from public, anon, authenticated, service_role;
alter table public.payment_refunds enable row level security;
create policy "Those with payments.read and who paid read payment_refunds" on public.payment_refunds
    for select to authenticated
    using (restaurant_id = any (app.restaurants_with('payments.read'))
        or restaurant_id = any (app.restaurants_with('own.read')) and app.owns_order(restaurant_id, order_id));
grant select (restaurant_id, id, payment_id, order_id, amount, status, reason, created_at, updated_at)
    on public.payment_refunds to authenticated;
grant select, insert, update on public.payment_refunds to service_role;

grant select (captured_amount, refunding_amount, dispute, authorized_at) on public.payments to authenticated;

-- Cash is paid on completion, and what is unpaid when its order is cancelled fails; but a provider's payment is the
-- provider's to end: the guest may be paying at this very moment.
create or replace function app.settle_payments(a_restaurant uuid, an_order uuid, settled_at timestamptz) returns void
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
          and (o.status = 'cancelled' and p.provider not in ('stripe', 'mobilepay')
               or o.status = 'completed' and p.provider = 'cash')
          and app.may('orders.write', a_restaurant)
    $$;

create or replace function app.record_refund(
    a_restaurant uuid, a_payment uuid, refund bigint, refund_reason text, refunded_at timestamptz) returns void
    language sql security definer set search_path = ''
    as $$
        with refunded as (
            update public.payments p
            set refunded_amount = p.refunded_amount + refund,
                refund_reason = record_refund.refund_reason,
                status = case when p.refunded_amount + refund = p.amount then 'refunded' else 'partially_refunded' end,
                updated_at = record_refund.refunded_at
            where p.restaurant_id = a_restaurant and p.id = a_payment
              and p.status in ('completed', 'partially_refunded') and p.provider not in ('stripe', 'mobilepay')
              and refund > 0 and app.may('payments.write', a_restaurant)
            returning p.order_id
        )
        update public.orders o
        set refunded_amount = o.refunded_amount + refund, updated_at = record_refund.refunded_at
        from refunded r
        where o.restaurant_id = a_restaurant and o.id = r.order_id
    $$;

create function app.request_refund(
    a_restaurant uuid, a_payment uuid, a_refund uuid, refund bigint, a_reason text, a_requester uuid,
    requested_at timestamptz) returns void
    language sql security definer set search_path = ''
    as $$
        with held as (
            update public.payments p
            set refunding_amount = p.refunding_amount + refund, refund_reason = a_reason, updated_at = requested_at
            where p.restaurant_id = a_restaurant and p.id = a_payment and p.provider in ('stripe', 'mobilepay')
              and p.status in ('completed', 'partially_refunded')
              and refund between 1 and p.captured_amount - p.refunded_amount - p.refunding_amount
              and app.may('payments.write', a_restaurant)
            returning p.order_id
        )
        insert into public.payment_refunds
            (restaurant_id, id, payment_id, order_id, amount, reason, requested_by, created_at, updated_at)
        select a_restaurant, a_refund, a_payment, h.order_id, refund, a_reason, coalesce(app.user_id(), a_requester),
            requested_at, requested_at
        from held h
    $$;
comment on function app.request_refund(uuid, uuid, uuid, bigint, text, uuid, timestamptz) is
    'Asks for a refund through the provider, never more than was taken and is not paid back or asked for already.';
grant execute on function app.request_refund(uuid, uuid, uuid, bigint, text, uuid, timestamptz)
    to authenticated, service_role;
