-- name: join_program
-- Makes a guest a member; a member stays one.
insert into public.loyalty_points (restaurant_id, customer_id, created_at, updated_at)
values (:restaurant_id, :customer_id, :joined_at, :joined_at)
on conflict do nothing

-- name: settle_points
-- Points follow what a member paid for a completed order.
select app.settle_points(:restaurant_id, :order_id, :transaction_id, :settled_at)
