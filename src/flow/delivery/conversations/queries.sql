-- name: talks -> TalkRow
-- Conversations on the channels that are answered here, those that wait first, then the latest, with the last thing
-- that a person said.
select c.conversation_id, c.channel, c.channel_user_id as contact, c.customer_phone as phone, c.customer_name as name,
    c.customer_id, c.current_state as state, c.started_at, c.last_message_at,
    left(last.body, 120) as last_text, null::timestamptz as last_heard_at
from public.ai_conversations c
left join lateral (
    select m.body from public.messages m
    where m.restaurant_id = c.restaurant_id and m.conversation_id = c.conversation_id and m.kind <> 'automatic'
    order by m.created_at desc, m.id desc
    limit 1
) last on true
where c.restaurant_id = :restaurant_id and c.channel in ('sms', 'instagram_dm', 'facebook_messenger')
  and (:all::boolean or c.current_state in ('waiting_for_person', 'handed_over'))
order by c.current_state in ('waiting_for_person', 'handed_over') desc, c.last_message_at desc nulls last, c.id desc
limit :most

-- name: count_waiting
-- How many guests wait for an answer.
select count(*) from public.ai_conversations
where restaurant_id = :restaurant_id and current_state in ('waiting_for_person', 'handed_over')
  and channel in ('sms', 'instagram_dm', 'facebook_messenger')

-- name: talk -> TalkRow
-- One conversation; until when the channel lets it be answered depends on when the guest last wrote.
select c.conversation_id, c.channel, c.channel_user_id as contact, c.customer_phone as phone, c.customer_name as name,
    c.customer_id, c.current_state as state, c.started_at, c.last_message_at, null::text as last_text,
    (
        select max(m.created_at) from public.messages m
        where m.restaurant_id = c.restaurant_id and m.contact = c.channel_user_id and m.channel = c.channel
          and m.direction = 'incoming'
    ) as last_heard_at
from public.ai_conversations c
where c.restaurant_id = :restaurant_id and c.conversation_id = :conversation_id
  and c.channel in ('sms', 'instagram_dm', 'facebook_messenger')

-- name: said -> Said
-- What was said, the latest of it, in its order.
select * from (
    select id, direction, body, kind, status, error_code, sent_by, created_at, withdrawn_at
    from public.messages
    where restaurant_id = :restaurant_id and conversation_id = :conversation_id
    order by created_at desc, id desc
    limit :most
) as latest
order by created_at, id

-- name: words -> Word
-- The restaurant's keywords, with how often each was sent.
select k.keyword, k.reply, k.consent_text, k.created_at, k.ended_at,
    (
        select count(*) from public.messages m
        where m.restaurant_id = k.restaurant_id and m.keyword = k.keyword and m.direction = 'incoming'
    ) as times
from public.campaign_keywords k
where k.restaurant_id = :restaurant_id
order by k.ended_at nulls first, k.keyword

-- name: keep_word
-- A new keyword, or other words for one that is there.
insert into public.campaign_keywords (restaurant_id, keyword, reply, consent_text, created_by, created_at)
values (:restaurant_id, :keyword, :reply, :consent_text, :by, :now)
on conflict (restaurant_id, keyword) do update
set reply = excluded.reply, consent_text = excluded.consent_text, created_by = excluded.created_by, ended_at = null

-- name: end_word
-- A keyword that is not answered any more.
update public.campaign_keywords set ended_at = :now
where restaurant_id = :restaurant_id and keyword = :keyword and ended_at is null
