-- name: guard_import
-- Makes the caller the only import of a restaurant until its transaction ends; false when there is another.
select pg_try_advisory_xact_lock(hashtextextended('import:' || :restaurant_id::uuid::text, 0))

-- name: wait_long
-- The guarding transaction waits while others write; the time-out for forgotten transactions is not meant for it.
set local idle_in_transaction_session_timeout = 0

-- name: fail_interrupted
-- Imports that still say they run, though none does.
update public.imports
set status = 'failed', message = 'It was interrupted; what it had written stays. Run it again for the rest, or undo it.',
    finished_at = :now
where restaurant_id = :restaurant_id and status = 'running'

-- name: add_import
-- An import that begins.
insert into public.imports
    (restaurant_id, id, kind, mapping_name, files, rows_read, rows_rejected, status, message, started_at)
values
    (:restaurant_id, :id, 'orders', :mapping_name, :files::jsonb, :rows_read, :rows_rejected, :status, :message, :now)

-- name: note_batch
-- Counts a batch that has been written.
update public.imports
set orders_created = orders_created + :created::bigint, orders_known = orders_known + :known::bigint,
    first_day = least(first_day, :first_day::date), last_day = greatest(last_day, :last_day::date)
where restaurant_id = :restaurant_id and id = :id

-- name: refresh_statistics
-- Lets the planner know of the many rows that have come, for the roll-up is about to count them.
select app.refresh_statistics(array['orders', 'order_items', 'payments'])

-- name: finish_import
-- An import that is done.
update public.imports
set status = 'completed', finished_at = :now
where restaurant_id = :restaurant_id and id = :id

-- name: list_imports -> Import
-- Imports of all restaurants or of one, the newest first.
select i.restaurant_id, i.id, r.slug as restaurant_slug, i.mapping_name, i.status, i.rows_read, i.rows_rejected,
    i.orders_created, i.orders_known, i.first_day, i.last_day, i.message, i.started_at
from public.imports i
join public.restaurants r on r.id = i.restaurant_id
where :restaurant_id::uuid is null or i.restaurant_id = :restaurant_id::uuid
order by i.started_at desc, i.id desc
limit :most

-- name: find_import -> Import
-- An import by its id, which alone tells the restaurant.
select i.restaurant_id, i.id, r.slug as restaurant_slug, i.mapping_name, i.status, i.rows_read, i.rows_rejected,
    i.orders_created, i.orders_known, i.first_day, i.last_day, i.message, i.started_at
from public.imports i
join public.restaurants r on r.id = i.restaurant_id
where i.id = :id

-- name: list_bad_rows -> BadRow
-- Rows that an import could not take, some after one of them.
select file, line, reason, raw from public.import_errors
where restaurant_id = :restaurant_id and import_id = :import_id and (file, line) > (:after_file, :after_line::bigint)
order by file, line
limit :most

-- name: known_products -> KnownProduct
-- The menu, and which of it an import that was undone had added.
select p.id, p.sku, p.name, not p.is_active and coalesce(i.status = 'undone', false) as is_undone
from public.products p
left join public.imports i on i.restaurant_id = p.restaurant_id and i.id = p.import_id
where p.restaurant_id = :restaurant_id
order by p.is_active, p.created_at

-- name: add_product
-- A product that the files tell of.
insert into public.products
    (restaurant_id, id, name, category, sku, price, currency, position, import_id, created_at, updated_at)
values
    (:restaurant_id, :id, :name, :category, :sku, :price, :currency, :position, :import_id, :now, :now)

-- name: add_price
-- The first price of a product.
insert into public.product_prices (restaurant_id, product_id, valid_from, price, currency)
values (:restaurant_id, :product_id, :now, :price, :currency)

-- name: add_option_group
-- The choice between a product's variants.
insert into public.product_option_groups (restaurant_id, id, product_id, name, min_choices, max_choices)
values (:restaurant_id, :id, :product_id, :name, :min_choices, 1)

-- name: add_option
-- One variant.
insert into public.product_options (restaurant_id, id, group_id, name, price_mod, position)
values (:restaurant_id, :id, :group_id, :name, :price_mod, :position)

-- name: revive_products
-- Products that an undone import had added come back with this one.
update public.products
set is_active = true, import_id = :import_id, updated_at = :now
where restaurant_id = :restaurant_id and id = any (:ids::uuid[])

-- name: retire_products
-- Products of an import that is undone; orders of others may refer to them.
update public.products
set is_active = false, updated_at = :now
where restaurant_id = :restaurant_id and import_id = :import_id and is_active

-- name: known_numbers
-- The till's numbers, out of those given, whose orders are there already.
select external_id from public.orders
where restaurant_id = :restaurant_id and source = :source and external_id = any (:numbers::text[])

-- name: copy_orders
-- Many orders at once.
copy public.orders (
    restaurant_id, id, order_number, status, channel, fulfillment_type, payment_method, currency, subtotal,
    discount_amount, delivery_fee, tax_amount, total, refunded_amount, item_count, source, external_id, import_id,
    created_at, recorded_at, completed_at, cancelled_at, refunded_at, updated_at
) from stdin

-- name: copy_items
-- Many lines at once.
copy public.order_items (
    restaurant_id, id, order_id, product_id, product_name, product_sku, product_category, unit_price, quantity,
    line_total, discount_amount, options, created_at
) from stdin

-- name: copy_payments
-- Many payments at once.
copy public.payments (
    restaurant_id, id, order_id, amount, currency, status, provider, refunded_amount, initiated_at, completed_at,
    created_at, updated_at
) from stdin

-- name: copy_bad_rows
-- Many rows that were not taken.
copy public.import_errors (restaurant_id, import_id, file, line, reason, raw) from stdin

-- name: mark_stale
-- The days' roll-ups must be made anew.
insert into public.stale_days (restaurant_id, date, reason, marked_at)
select :restaurant_id::uuid, d.day, :reason::text, :now from unnest(:days::date[]) as d (day)

-- name: imported_orders -> ImportedOrder
-- Some of the orders that an import has made.
select id, created_at from public.orders
where restaurant_id = :restaurant_id and import_id = :import_id
order by id
limit :most

-- name: delete_payments
-- Payments of orders that are undone.
delete from public.payments where restaurant_id = :restaurant_id and order_id = any (:orders::uuid[])

-- name: delete_items
-- Lines of orders that are undone.
delete from public.order_items where restaurant_id = :restaurant_id and order_id = any (:orders::uuid[])

-- name: delete_steps
-- Steps that people have taken with orders that are undone.
delete from public.order_status_changes where restaurant_id = :restaurant_id and order_id = any (:orders::uuid[])

-- name: delete_orders
-- Orders that are undone.
delete from public.orders where restaurant_id = :restaurant_id and id = any (:orders::uuid[])

-- name: finish_undo
-- The import has been undone.
update public.imports
set status = 'undone', undone_at = :now
where restaurant_id = :restaurant_id and id = :id
