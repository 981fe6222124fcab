-- name: lock_guest
-- One message of a guest at a time joins a conversation, so that two do not begin two.
select pg_advisory_xact_lock(hashtextextended(:restaurant_id::text || ':' || :channel || ':' || :contact, 0))

-- name: find_open -> Open
-- The guest's conversation on this channel, if somebody wrote in it lately.
select conversation_id, customer_id, current_state
from public.ai_conversations
where restaurant_id = :restaurant_id and channel = :channel and channel_user_id = :contact
  and ended_at is null and anonymised_at is null and last_message_at > :since
order by last_message_at desc
limit 1

-- name: begin
-- A new conversation.
insert into public.ai_conversations
    (restaurant_id, id, conversation_id, channel, channel_user_id, customer_id, customer_phone, customer_name, language,
     current_state, outcome, started_at, last_message_at, created_at, updated_at)
select :restaurant_id, :id, :conversation_id, :channel, :contact, :customer_id::uuid, :phone,
    (select name from public.customers where restaurant_id = :restaurant_id and id = :customer_id), r.language,
    'waiting_for_person', 'escalated', :at, :at, :now::timestamptz, :now
from public.restaurants r
where r.id = :restaurant_id

-- name: go_on
-- Somebody wrote in a conversation.
update public.ai_conversations
set message_count = message_count + 1, current_state = :state, last_message_at = greatest(last_message_at, :at),
    updated_at = :now
where restaurant_id = :restaurant_id and conversation_id = :conversation_id

-- name: add_message
-- What was said.
insert into public.ai_messages
    (restaurant_id, id, conversation_id, role, content, conversation_state, timestamp)
values (:restaurant_id, :id, :conversation_id, :role, :content, :state, :at)

-- name: close
-- A conversation is over; the guest's next message begins another.
update public.ai_conversations
set current_state = 'closed', ended_at = greatest(started_at, :now), updated_at = :now
where restaurant_id = :restaurant_id and conversation_id = :conversation_id and ended_at is null
