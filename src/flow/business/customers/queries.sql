-- name: find_customer_id
-- The guest with this phone number, else with this e-mail address.
select id
from public.customers
where restaurant_id = :restaurant_id and (phone = :phone or email = :email)
order by phone = :phone desc nulls last
limit 1

-- name: add_customer
-- A new guest; nothing when another order just added the same one.
insert into public.customers
    (restaurant_id, id, user_id, name, phone, email, first_order_at, last_order_at, created_at, updated_at)
values
    (:restaurant_id, :id, :user_id, :name, :phone, :email, :first_order_at, :last_order_at, :created_at, :updated_at)
on conflict do nothing
returning id

-- name: note_order
-- Another order of a known guest. Contact details stay: typing a phone number does not prove that it is yours.
update public.customers
set name = coalesce(name, :name), first_order_at = least(first_order_at, :ordered_at),
    last_order_at = greatest(last_order_at, :ordered_at), updated_at = greatest(updated_at, :now)
where restaurant_id = :restaurant_id and id = :customer_id
