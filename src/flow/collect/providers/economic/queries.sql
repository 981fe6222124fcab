-- name: claim_orders -> Claimed
-- Orders of our own that were completed since the connection was made, claimed for an invoice once each.
insert into public.invoice_drafts (restaurant_id, order_id, created_at, updated_at)
select o.restaurant_id, o.id, :now, :now
from public.integration_configs c
join public.orders o on o.restaurant_id = c.restaurant_id
where c.integration_name = 'economic' and c.status in ('active', 'error')
  and o.created_at >= :since and o.status = 'completed' and o.completed_at >= c.created_at
  and o.source = 'flow' and o.total > o.refunded_amount
  and not exists (select from public.invoice_drafts d where d.restaurant_id = o.restaurant_id and d.order_id = o.id)
limit :most
on conflict (restaurant_id, order_id) do nothing
returning restaurant_id, order_id

-- name: invoice_of -> InvoiceDraft
-- The invoice of an order.
select restaurant_id, order_id, status, draft_number, booked_number, gross, remainder, reason, created_at, updated_at
from public.invoice_drafts
where restaurant_id = :restaurant_id and order_id = :order_id

-- name: note_draft
-- A draft was made, or found again; one that has been booked meanwhile stays booked.
update public.invoice_drafts
set status = :status, draft_number = :draft_number, gross = :gross, reason = :reason, updated_at = :now
where restaurant_id = :restaurant_id and order_id = :order_id and status in ('claimed', 'refused', 'created', 'differs')

-- name: note_booked
-- The invoice is in the books; what is unpaid of it may only be told anew.
update public.invoice_drafts
set status = case when :remainder::bigint = 0 then 'paid' else 'booked' end, booked_number = :booked_number,
    gross = :gross, remainder = :remainder, updated_at = :now
where restaurant_id = :restaurant_id and order_id = :order_id

-- name: note_refused
-- The accounting system does not take the invoice.
update public.invoice_drafts
set status = 'refused', reason = :reason, updated_at = :now
where restaurant_id = :restaurant_id and order_id = :order_id and status in ('claimed', 'refused')

-- name: unpaid_invoices
-- Numbers of booked invoices that are not paid in full.
select booked_number from public.invoice_drafts
where restaurant_id = :restaurant_id and status = 'booked' and booked_number is not null
order by updated_at
limit :most

-- name: invoices_since -> Open
-- Invoices of orders since a time, with what the orders come to by now.
select d.order_id, d.status, d.draft_number, d.booked_number, d.gross, o.total - o.refunded_amount as due,
    o.created_at as ordered_at
from public.invoice_drafts d
join public.orders o on o.restaurant_id = d.restaurant_id and o.id = d.order_id
where d.restaurant_id = :restaurant_id and o.created_at >= :since
order by d.order_id

-- name: customer_number
-- The number of a guest in the accounting system.
select number from public.invoice_customers where restaurant_id = :restaurant_id and customer_id = :customer_id

-- name: keep_customer
-- Keeps the number of a guest.
insert into public.invoice_customers (restaurant_id, customer_id, number, created_at)
values (:restaurant_id, :customer_id, :number, :now)
on conflict (restaurant_id, customer_id) do nothing

-- name: is_our_customer
-- Whether a number in the accounting system is a guest's.
select exists (select from public.invoice_customers where restaurant_id = :restaurant_id and number = :number)

-- name: forget_customer
-- A number that is gone from the accounting system.
delete from public.invoice_customers where restaurant_id = :restaurant_id and number = :number
