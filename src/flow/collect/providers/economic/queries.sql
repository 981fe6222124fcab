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

-- name: claim_credits -> ClaimedCredit
-- Of invoices that are made, those whose orders had money paid back, or a refund come back, that no credit note covers.
with touched as (
    select o.restaurant_id, o.id
    from public.integration_configs c
    join public.orders o on o.restaurant_id = c.restaurant_id
    where c.integration_name = 'economic' and c.status in ('active', 'error')
      and o.refunded_amount > 0 and o.updated_at >= :since
    union
    select r.restaurant_id, r.order_id
    from public.integration_configs c
    join public.payment_refunds r on r.restaurant_id = c.restaurant_id
    where c.integration_name = 'economic' and c.status in ('active', 'error')
      and r.status = 'failed' and r.updated_at >= :since
)
insert into public.invoice_credits (restaurant_id, order_id, number, amount, created_at, updated_at)
select o.restaurant_id, o.id, coalesce(n.last, 0) + 1, o.refunded_amount - coalesce(n.credited, 0), :now, :now
from touched t
join public.orders o on o.restaurant_id = t.restaurant_id and o.id = t.id
join public.invoice_drafts d on d.restaurant_id = o.restaurant_id and d.order_id = o.id
cross join lateral (
    select max(number) as last, sum(amount)::bigint as credited from public.invoice_credits n
    where n.restaurant_id = o.restaurant_id and n.order_id = o.id
) n
where d.status in ('created', 'differs', 'booked', 'paid') and o.refunded_amount <> coalesce(n.credited, 0)
limit :most
on conflict (restaurant_id, order_id, number) do nothing
returning restaurant_id, order_id, number

-- name: credits_of -> InvoiceCredit
-- The credit notes of an order's invoice.
select restaurant_id, order_id, number, amount, status, draft_number, booked_number, gross, reason, created_at, updated_at
from public.invoice_credits
where restaurant_id = :restaurant_id and order_id = :order_id
order by number

-- name: note_credit_draft
-- A draft was made, or found again; one that has been booked meanwhile stays booked.
update public.invoice_credits
set status = :status, draft_number = :draft_number, gross = :gross, reason = :reason, updated_at = :now
where restaurant_id = :restaurant_id and order_id = :order_id and number = :number and status <> 'booked'

-- name: note_credit_booked
-- The credit note is in the books.
update public.invoice_credits
set status = 'booked', booked_number = :booked_number, gross = :gross, updated_at = :now
where restaurant_id = :restaurant_id and order_id = :order_id and number = :number

-- name: note_credit_refused
-- The accounting system does not take the credit note.
update public.invoice_credits
set status = 'refused', reason = :reason, updated_at = :now
where restaurant_id = :restaurant_id and order_id = :order_id and number = :number and status in ('claimed', 'refused')

-- name: invoices_since -> Open
-- Invoices of orders since a time, and credit notes since then, with what they have to come to.
select d.order_id, 0 as credit, d.status, d.draft_number, d.booked_number, d.gross, o.total as due,
    o.created_at as dated_at
from public.invoice_drafts d
join public.orders o on o.restaurant_id = d.restaurant_id and o.id = d.order_id
where d.restaurant_id = :restaurant_id and o.created_at >= :since
union all
select n.order_id, n.number, n.status, n.draft_number, n.booked_number, n.gross, -n.amount, n.created_at
from public.invoice_credits n
where n.restaurant_id = :restaurant_id and n.created_at >= :since
order by order_id, credit

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
