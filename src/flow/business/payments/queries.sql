-- name: add_payment
-- A payment of an order.
insert into public.payments
    (restaurant_id, id, order_id, amount, currency, status, provider, provider_transaction_id, card_last_four, card_brand,
     refunded_amount, refund_reason, initiated_at, completed_at, failed_at, created_at, updated_at)
values
    (:restaurant_id, :id, :order_id, :amount, :currency, :status, :provider, :provider_transaction_id, :card_last_four,
     :card_brand, :refunded_amount, :refund_reason, :initiated_at, :completed_at, :failed_at, :created_at, :updated_at)

-- name: payments_of -> Payment
-- The payments of an order, oldest first.
select restaurant_id, id, order_id, amount, currency, status, provider, provider_transaction_id, card_last_four,
    card_brand, refunded_amount, refund_reason, initiated_at, completed_at, failed_at, created_at, updated_at
from public.payments
where restaurant_id = :restaurant_id and order_id = :order_id
order by initiated_at, id

-- name: settle_payments
-- Payments follow a completed or cancelled order.
select app.settle_payments(:restaurant_id, :order_id, :settled_at)

-- name: record_refund
-- Pays part or all of a payment back.
select app.record_refund(:restaurant_id, :payment_id, :amount, :reason, :refunded_at)
