-- name: active_products -> Product
-- The menu as guests see it, sold-out products included.
select restaurant_id, id, name, description, category, sku, price, currency, allergens, position, is_available, is_active,
    import_id, created_at, updated_at
from public.products
where restaurant_id = :restaurant_id and is_active
order by position, name, id

-- name: products_by_id -> Product
-- The products an order names, retired ones included.
select restaurant_id, id, name, description, category, sku, price, currency, allergens, position, is_available, is_active,
    import_id, created_at, updated_at
from public.products
where restaurant_id = :restaurant_id and id = any (:product_ids)

-- name: products_by_sku -> Product
-- The products with these article numbers, retired ones included.
select restaurant_id, id, name, description, category, sku, price, currency, allergens, position, is_available, is_active,
    import_id, created_at, updated_at
from public.products
where restaurant_id = :restaurant_id and sku = any (:skus::text[])

-- name: options_of -> OptionRow
-- The option groups and options of products, in the order of the menu.
select g.product_id, g.id as group_id, g.name as group_name, g.min_choices, g.max_choices, o.id as option_id,
    o.name as option_name, o.price_mod, o.is_available
from public.product_option_groups g
left join public.product_options o on o.restaurant_id = g.restaurant_id and o.group_id = g.id
where g.restaurant_id = :restaurant_id and g.product_id = any (:product_ids)
order by g.product_id, g.position, g.id, o.position, o.id

-- name: lock_product -> Product
-- A product that is about to change.
select restaurant_id, id, name, description, category, sku, price, currency, allergens, position, is_available, is_active,
    import_id, created_at, updated_at
from public.products
where restaurant_id = :restaurant_id and id = :product_id
for update

-- name: add_product
-- A new product; nothing when the SKU is another product's.
insert into public.products
    (restaurant_id, id, name, description, category, sku, price, currency, allergens, position, is_available, is_active,
     import_id, created_at, updated_at)
values
    (:restaurant_id, :id, :name, :description, :category, :sku, :price, :currency, :allergens, :position, :is_available,
     :is_active, :import_id, :created_at, :updated_at)
on conflict do nothing
returning id

-- name: change_product
-- Writes a product anew; its currency and its day of birth stay.
update public.products
set name = :name, description = :description, category = :category, sku = :sku, price = :price, allergens = :allergens,
    position = :position, is_available = :is_available, is_active = :is_active, updated_at = :updated_at
where restaurant_id = :restaurant_id and id = :id

-- name: add_price
-- A price from a moment on, and if another change bears the same moment, just after it.
insert into public.product_prices (restaurant_id, product_id, valid_from, price, currency, changed_by)
select :restaurant_id, :product_id, greatest(:valid_from, max(p.valid_from) + interval '1 microsecond'), :price,
    :currency, :changed_by
from public.product_prices p
where p.restaurant_id = :restaurant_id and p.product_id = :product_id
