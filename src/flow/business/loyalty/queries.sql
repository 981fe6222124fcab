-- name: join_program
-- Makes a guest a member; a member stays one.
insert into public.loyalty_points (restaurant_id, customer_id, created_at, updated_at)
values (:restaurant_id, :customer_id, :joined_at, :joined_at)
on conflict do nothing

-- name: settle_points
-- Points follow what a member paid for a completed order.
select app.settle_points(:restaurant_id, :order_id, :transaction_id, :settled_at)

-- name: points_of -> LoyaltyPoints
-- A member's balance.
select restaurant_id, customer_id, points, lifetime_points, created_at, updated_at
from public.loyalty_points
where restaurant_id = :restaurant_id and customer_id = :customer_id

-- name: transactions_of -> LoyaltyTransaction
-- What changed a member's balance, newest first.
select restaurant_id, id, customer_id, order_id, kind, points, reason, created_at
from public.loyalty_transactions
where restaurant_id = :restaurant_id and customer_id = :customer_id
order by created_at desc, id desc
limit :row_limit
