-- name: find_account -> Account
-- A user as log-in knows them.
select id, email::text as email, name from app.accounts where id = :user_id

-- name: find_customers -> FoundCustomer
-- Guests with one of these contacts or accounts.
select id, user_id, name, phone, email
from public.customers
where ((:restaurants)::uuid[] is null or restaurant_id = any (:restaurants))
  and (phone = any (:contacts) or email = any (:contacts) or user_id = any ((:users)::uuid[]))

-- name: find_orders -> FoundOrder
-- Orders of these guests, contacts or accounts.
select id, customer_name, visitor_id, session_id
from public.orders
where ((:restaurants)::uuid[] is null or restaurant_id = any (:restaurants))
  and (customer_id = any ((:customers)::uuid[]) or customer_phone = any (:contacts)
       or customer_email = any (:contacts) or user_id = any ((:users)::uuid[]))

-- name: find_sessions -> FoundSession
-- Visits of visitors who agreed to a lasting id: those named, and those of the visits named.
select session_id, visitor_id
from public.sessions
where ((:restaurants)::uuid[] is null or restaurant_id = any (:restaurants))
  and is_consented and (session_id = any ((:sessions)::uuid[]) or visitor_id = any ((:visitors)::uuid[]))

-- name: find_conversations -> FoundConversation
-- Conversations of these guests, contacts, orders or visitors.
select conversation_id, customer_name, visitor_id
from public.ai_conversations
where ((:restaurants)::uuid[] is null or restaurant_id = any (:restaurants))
  and (customer_id = any ((:customers)::uuid[]) or customer_phone = any (:contacts)
       or channel_user_id = any (:contacts) or order_id = any ((:orders)::uuid[])
       or visitor_id = any ((:visitors)::uuid[]))

-- name: find_messages
-- What was said in these conversations, and messages to these contacts: their ids.
select id::text from public.ai_messages
where ((:restaurants)::uuid[] is null or restaurant_id = any (:restaurants)) and conversation_id = any (:conversations)
union
select id::text from public.messages
where ((:restaurants)::uuid[] is null or restaurant_id = any (:restaurants))
  and (contact = any (:contacts) or customer_id = any ((:customers)::uuid[]) or order_id = any ((:orders)::uuid[]))

-- name: has_namesake
-- Whether somebody else in these restaurants goes by one of these names.
select exists (
    select from public.customers c
    where ((:restaurants)::uuid[] is null or c.restaurant_id = any (:restaurants))
      and lower(c.name) = any (:names) and c.id <> all ((:customers)::uuid[])
    union all
    select from public.orders o
    where ((:restaurants)::uuid[] is null or o.restaurant_id = any (:restaurants))
      and lower(o.customer_name) = any (:names) and o.id <> all ((:orders)::uuid[]))
