-- name: add_payment
-- A payment of an order.
insert into public.payments
    (restaurant_id, id, order_id, amount, currency, status, provider, provider_transaction_id, card_last_four, card_brand,
     captured_amount, refunded_amount, refunding_amount, refund_reason, dispute, initiated_at, authorized_at, completed_at,
     failed_at, created_at, updated_at)
values
    (:restaurant_id, :id, :order_id, :amount, :currency, :status, :provider, :provider_transaction_id, :card_last_four,
     :card_brand, :captured_amount, :refunded_amount, :refunding_amount, :refund_reason, :dispute, :initiated_at,
     :authorized_at, :completed_at, :failed_at, :created_at, :updated_at)

-- name: payments_of -> Payment
-- The payments of an order, oldest first.
select restaurant_id, id, order_id, amount, currency, status, provider, provider_transaction_id, card_last_four,
    card_brand, captured_amount, refunded_amount, refunding_amount, refund_reason, dispute, initiated_at, authorized_at,
    completed_at, failed_at, created_at, updated_at
from public.payments
where restaurant_id = :restaurant_id and order_id = :order_id
order by initiated_at, id

-- name: settle_payments
-- Payments follow a completed or cancelled order.
select app.settle_payments(:restaurant_id, :order_id, :settled_at)

-- name: record_refund
-- Pays part or all of a payment back.
select app.record_refund(:restaurant_id, :payment_id, :amount, :reason, :refunded_at)

-- name: request_refund
-- Asks the provider to pay part or all of a payment back.
select app.request_refund(
    :restaurant_id, :payment_id, :refund_id, :amount, :reason, :requested_by, :requested_at)

-- name: connected_providers
-- The online providers through which the restaurant's guests can pay now; MobilePay takes no Swedish kronor.
select i.integration_name
from public.integration_configs i
join public.restaurants r on r.id = i.restaurant_id
where i.restaurant_id = :restaurant_id and i.integration_type = 'payment' and i.status = 'active'
  and (i.integration_name <> 'mobilepay' or r.currency in ('DKK', 'EUR', 'NOK'))

-- name: find_online -> OnlinePayment
-- A payment by its id.
select restaurant_id, id, order_id, amount, currency, status, provider, provider_transaction_id, card_last_four,
    card_brand, captured_amount, refunded_amount, refunding_amount, reported_refunded, dispute, initiated_at,
    authorized_at, completed_at, failed_at, told_at, checkout_id, checkout_url, next_look_at
from public.payments
where restaurant_id = :restaurant_id and id = :id

-- name: find_by_number -> OnlinePayment
-- A payment by its number at the provider.
select restaurant_id, id, order_id, amount, currency, status, provider, provider_transaction_id, card_last_four,
    card_brand, captured_amount, refunded_amount, refunding_amount, reported_refunded, dispute, initiated_at,
    authorized_at, completed_at, failed_at, told_at, checkout_id, checkout_url, next_look_at
from public.payments
where restaurant_id = :restaurant_id and provider = :provider and provider_transaction_id = :number

-- name: newest_online -> OnlinePayment
-- The newest payment of an order by an online provider.
select restaurant_id, id, order_id, amount, currency, status, provider, provider_transaction_id, card_last_four,
    card_brand, captured_amount, refunded_amount, refunding_amount, reported_refunded, dispute, initiated_at,
    authorized_at, completed_at, failed_at, told_at, checkout_id, checkout_url, next_look_at
from public.payments
where restaurant_id = :restaurant_id and order_id = :order_id and provider in ('stripe', 'mobilepay')
order by initiated_at desc, id desc
limit 1

-- name: lock_online -> OnlinePayment
-- A payment by its id, held until the transaction ends.
select restaurant_id, id, order_id, amount, currency, status, provider, provider_transaction_id, card_last_four,
    card_brand, captured_amount, refunded_amount, refunding_amount, reported_refunded, dispute, initiated_at,
    authorized_at, completed_at, failed_at, told_at, checkout_id, checkout_url, next_look_at
from public.payments
where restaurant_id = :restaurant_id and id = :id
for update

-- name: keep_told
-- What a payment is after what its provider told.
update public.payments
set status = :status, captured_amount = :captured_amount, refunded_amount = :refunded_amount,
    refunding_amount = :refunding_amount, reported_refunded = :reported_refunded, dispute = :dispute,
    card_brand = :card_brand, card_last_four = :card_last_four, authorized_at = :authorized_at,
    completed_at = :completed_at, failed_at = :failed_at, told_at = :told_at, next_look_at = :next_look_at,
    updated_at = :now
where restaurant_id = :restaurant_id and id = :id

-- name: keep_checkout
-- Where the guest pays, and the payment's number as far as it is known.
update public.payments
set checkout_id = :checkout_id, checkout_url = :checkout_url,
    provider_transaction_id = coalesce(provider_transaction_id, :number), next_look_at = :next_look_at, updated_at = :now
where restaurant_id = :restaurant_id and id = :id

-- name: keep_number
-- The number that the provider gave the payment; none where it has one already.
update public.payments
set provider_transaction_id = :number, updated_at = :now
where restaurant_id = :restaurant_id and id = :id and provider_transaction_id is null

-- name: count_refunded
-- Adds to what was paid back of the order, or takes off what came back.
update public.orders
set refunded_amount = least(greatest(refunded_amount + :change, 0), total), updated_at = :now
where restaurant_id = :restaurant_id and id = :order_id

-- name: find_refund -> Refund
-- A refund by its id, else by the provider's number of it.
select restaurant_id, id, payment_id, order_id, amount, status, provider_refund_id, reason, requested_by, failure_code,
    created_at, updated_at
from public.payment_refunds
where restaurant_id = :restaurant_id and payment_id = :payment_id and (id = :id or provider_refund_id = :number)
order by id = :id desc
limit 1

-- name: refund_by_id -> Refund
-- A refund by its id.
select restaurant_id, id, payment_id, order_id, amount, status, provider_refund_id, reason, requested_by, failure_code,
    created_at, updated_at
from public.payment_refunds
where restaurant_id = :restaurant_id and id = :id

-- name: add_refund
-- A refund that was made at the provider.
insert into public.payment_refunds
    (restaurant_id, id, payment_id, order_id, amount, status, provider_refund_id, failure_code, created_at, updated_at)
values
    (:restaurant_id, :id, :payment_id, :order_id, :amount, :status, :provider_refund_id, :failure_code, :now, :now)

-- name: keep_refund
-- What became of a refund.
update public.payment_refunds
set status = :status, amount = :amount, provider_refund_id = coalesce(:provider_refund_id, provider_refund_id),
    failure_code = :failure_code, updated_at = :now
where restaurant_id = :restaurant_id and id = :id

-- name: refund_sums -> RefundSums
-- The refunds of a payment by what became of them.
select coalesce(sum(amount) filter (where status = 'requested'), 0)::bigint as requested,
    coalesce(sum(amount) filter (where status in ('pending', 'succeeded')), 0)::bigint as made,
    coalesce(sum(amount) filter (where status = 'failed' and provider_refund_id is not null), 0)::bigint as failed
from public.payment_refunds
where restaurant_id = :restaurant_id and payment_id = :payment_id

-- name: warn
-- A message to the restaurant's people; it names no guest.
insert into public.notifications (restaurant_id, id, kind, severity, title, body, facts, link, created_at)
values (:restaurant_id, :id, 'payment', :severity, :title, :body, :facts, :link, :now)
