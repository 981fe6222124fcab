-- name: earlier_order -> Order
-- The order that the same request made before, known by its key or by its number in another system.
select restaurant_id, id, order_number, status, channel, fulfillment_type, payment_method, currency, subtotal,
    discount_amount, discount_code, delivery_fee, tax_amount, total, refunded_amount, item_count, customer_id, user_id,
    customer_name, customer_phone, customer_email, delivery_address, delivery_postal_code, delivery_city, notes,
    visitor_id, session_id, idempotency_key, request_hash, source, external_id, import_id, cancel_reason, created_at,
    recorded_at, confirmed_at, completed_at, cancelled_at, refunded_at, updated_at
from public.orders
where restaurant_id = :restaurant_id
  and (idempotency_key = :idempotency_key or (source = :source and external_id = :external_id))
limit 1

-- name: find_discount -> Discount
-- A discount code, valid or not.
select code, percent, amount, minimum_subtotal, valid_from, valid_until, is_active
from public.discount_codes
where restaurant_id = :restaurant_id and code = upper(:code)

-- name: reserve_numbers
-- The last of `count` new order numbers. The row stays locked until the transaction ends: no gaps, no doubles.
insert into public.order_counters (restaurant_id, last_number)
values (:restaurant_id, :count)
on conflict (restaurant_id) do update set last_number = order_counters.last_number + excluded.last_number
returning last_number

-- name: return_number
-- Gives back the number just taken, which nobody else can have seen.
update public.order_counters
set last_number = last_number - 1
where restaurant_id = :restaurant_id

-- name: add_order
-- A new order; nothing when its key or external number is already there.
insert into public.orders
    (restaurant_id, id, order_number, status, channel, fulfillment_type, payment_method, currency, subtotal,
     discount_amount, discount_code, delivery_fee, tax_amount, total, refunded_amount, item_count, customer_id, user_id,
     customer_name, customer_phone, customer_email, delivery_address, delivery_postal_code, delivery_city, notes,
     visitor_id, session_id, idempotency_key, request_hash, source, external_id, import_id, cancel_reason, created_at,
     recorded_at, confirmed_at, completed_at, cancelled_at, refunded_at, updated_at)
values
    (:restaurant_id, :id, :order_number, :status, :channel, :fulfillment_type, :payment_method, :currency, :subtotal,
     :discount_amount, :discount_code, :delivery_fee, :tax_amount, :total, :refunded_amount, :item_count, :customer_id,
     :user_id, :customer_name, :customer_phone, :customer_email, :delivery_address, :delivery_postal_code,
     :delivery_city, :notes, :visitor_id, :session_id, :idempotency_key, :request_hash, :source, :external_id,
     :import_id, :cancel_reason, :created_at, :recorded_at, :confirmed_at, :completed_at, :cancelled_at, :refunded_at,
     :updated_at)
on conflict do nothing
returning id

-- name: add_item
-- A line of an order.
insert into public.order_items
    (restaurant_id, id, order_id, product_id, product_name, product_sku, product_category, unit_price, quantity,
     line_total, discount_amount, discount_reason, options, notes, created_at)
values
    (:restaurant_id, :id, :order_id, :product_id, :product_name, :product_sku, :product_category, :unit_price,
     :quantity, :line_total, :discount_amount, :discount_reason, :options, :notes, :created_at)

-- name: add_status_change
-- A step of an order.
insert into public.order_status_changes
    (restaurant_id, order_id, changed_at, id, from_status, to_status, changed_by, reason, refund_amount)
values (:restaurant_id, :order_id, :changed_at, :id, :from_status, :to_status, :changed_by, :reason, :refund_amount)

-- name: touches_of -> Touch
-- The visits of a visitor before an order, oldest first.
select session_id, started_at, ended_at, channel, source, utm_campaign
from public.sessions
where restaurant_id = :restaurant_id and visitor_id = any (:visitor_ids) and started_at between :since and :until
order by started_at, session_id

-- name: add_attribution
-- The visits that led to an order.
insert into public.channel_attribution
    (restaurant_id, order_id, first_touch_channel, first_touch_source, first_touch_campaign, first_touch_at,
     last_touch_channel, last_touch_source, last_touch_campaign, last_touch_at, touchpoint_path, touchpoint_count,
     days_to_conversion, sessions_to_conversion, created_at)
values
    (:restaurant_id, :order_id, :first_touch_channel, :first_touch_source, :first_touch_campaign, :first_touch_at,
     :last_touch_channel, :last_touch_source, :last_touch_campaign, :last_touch_at, :touchpoint_path, :touchpoint_count,
     :days_to_conversion, :sessions_to_conversion, :created_at)

-- name: count_session_order
-- The visit ended in an order.
update public.sessions
set orders_created = orders_created + 1
where restaurant_id = :restaurant_id and session_id = :session_id

-- name: mark_day_stale
-- A business day whose figures have to be made anew; marks never wait for each other.
insert into public.stale_days (restaurant_id, date, reason, marked_at)
values (:restaurant_id, :day, :reason, :marked_at)

-- name: notify_live
-- Tells live pages of the restaurant to look again, once this transaction has committed.
select pg_notify('flow_live', :restaurant_id::uuid::text)

-- name: find_order -> Order
-- An order by its id.
select restaurant_id, id, order_number, status, channel, fulfillment_type, payment_method, currency, subtotal,
    discount_amount, discount_code, delivery_fee, tax_amount, total, refunded_amount, item_count, customer_id, user_id,
    customer_name, customer_phone, customer_email, delivery_address, delivery_postal_code, delivery_city, notes,
    visitor_id, session_id, idempotency_key, request_hash, source, external_id, import_id, cancel_reason, created_at,
    recorded_at, confirmed_at, completed_at, cancelled_at, refunded_at, updated_at
from public.orders
where restaurant_id = :restaurant_id and id = :order_id

-- name: lock_order
-- Holds an order that is about to move; null unless it is there and the caller may move it.
select app.lock_order(:restaurant_id, :order_id)

-- name: items_of -> OrderItem
-- The lines of an order, as they were ordered.
select restaurant_id, id, order_id, product_id, product_name, product_sku, product_category, unit_price, quantity,
    line_total, discount_amount, discount_reason, options, notes, created_at
from public.order_items
where restaurant_id = :restaurant_id and order_id = :order_id
order by id

-- name: steps_of -> StatusChange
-- The history of an order, oldest first.
select restaurant_id, order_id, changed_at, id, from_status, to_status, changed_by, reason, refund_amount
from public.order_status_changes
where restaurant_id = :restaurant_id and order_id = :order_id
order by changed_at, id

-- name: list_orders -> Order
-- A page of orders, newest first; filters that are null let everything pass.
select restaurant_id, id, order_number, status, channel, fulfillment_type, payment_method, currency, subtotal,
    discount_amount, discount_code, delivery_fee, tax_amount, total, refunded_amount, item_count, customer_id, user_id,
    customer_name, customer_phone, customer_email, delivery_address, delivery_postal_code, delivery_city, notes,
    visitor_id, session_id, idempotency_key, request_hash, source, external_id, import_id, cancel_reason, created_at,
    recorded_at, confirmed_at, completed_at, cancelled_at, refunded_at, updated_at
from public.orders
where restaurant_id = :restaurant_id
  and (:status::text is null or status = :status)
  and (:channel::text is null or channel = :channel)
  and (:customer_id::uuid is null or customer_id = :customer_id)
  and (:since::timestamptz is null or created_at >= :since)
  and (:until::timestamptz is null or created_at < :until)
  and (:after_id::uuid is null or (created_at, id) < (:after_time::timestamptz, :after_id))
order by created_at desc, id desc
limit :row_limit

-- name: move_order -> Order
-- Moves an order, records the step, and answers the order as it is then, for it may be out of the caller's sight.
select restaurant_id, id, order_number, status, channel, fulfillment_type, payment_method, currency, subtotal,
    discount_amount, discount_code, delivery_fee, tax_amount, total, refunded_amount, item_count, customer_id, user_id,
    customer_name, customer_phone, customer_email, delivery_address, delivery_postal_code, delivery_city, notes,
    visitor_id, session_id, idempotency_key, request_hash, source, external_id, import_id, cancel_reason, created_at,
    recorded_at, confirmed_at, completed_at, cancelled_at, refunded_at, updated_at
from app.move_order(:restaurant_id, :order_id, :status, :reason, :step_id, :moved_by, :moved_at, :refund_amount)

-- name: reopen_refunded
-- An order whose refund came back is where it was before it was refunded; answers where that is.
update public.orders
set status = case when completed_at is null then 'cancelled' else 'completed' end, refunded_at = null, updated_at = :now
where restaurant_id = :restaurant_id and id = :order_id and status = 'refunded'
returning status
