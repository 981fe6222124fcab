-- name: add_incoming
-- A guest's message, once per id of the provider.
insert into public.messages
    (restaurant_id, id, direction, channel, contact, customer_id, body, status, kind, provider, provider_message_id,
     created_at)
values
    (:restaurant_id, :id, 'incoming', :channel, :contact, :customer_id, :body, 'received', 'guest', :provider,
     :provider_message_id, :created_at)
on conflict (restaurant_id, provider, provider_message_id) do nothing

-- name: add_outgoing
-- A message that is to be sent.
insert into public.messages
    (restaurant_id, id, direction, channel, contact, customer_id, order_id, conversation_id, body, status, kind, provider,
     provider_message_id, consent_id, sent_by, parts, created_at)
values
    (:restaurant_id, :id, 'outgoing', :channel, :contact, :customer_id, :order_id, :conversation_id, :body, 'queued',
     :kind, :provider, :provider_message_id, :consent_id, :sent_by, :parts, :created_at)

-- name: add_from_elsewhere
-- A message that somebody wrote to the guest in the channel's own app.
insert into public.messages
    (restaurant_id, id, direction, channel, contact, body, status, kind, provider, provider_message_id, created_at, sent_at)
values
    (:restaurant_id, :id, 'outgoing', :channel, :contact, :body, 'sent', 'elsewhere', :provider, :provider_message_id,
     :created_at, :created_at)
on conflict (restaurant_id, provider, provider_message_id) do nothing

-- name: add_withdrawn
-- A message that was deleted at the channel: its text is gone, and one that comes after finds its place taken.
insert into public.messages
    (restaurant_id, id, direction, channel, contact, body, status, kind, provider, provider_message_id, created_at,
     withdrawn_at)
values
    (:restaurant_id, :id, 'incoming', :channel, :contact, '', 'received', 'guest', :provider, :provider_message_id,
     :withdrawn_at, :withdrawn_at)
on conflict (restaurant_id, provider, provider_message_id) do update
set body = '', withdrawn_at = coalesce(messages.withdrawn_at, excluded.withdrawn_at)

-- name: change_text
-- A guest's message with what it says since the guest edited it; not one that was deleted.
update public.messages
set body = :body
where restaurant_id = :restaurant_id and provider = :provider and provider_message_id = :provider_message_id
  and withdrawn_at is null

-- name: repeat_text
-- The log of conversations says what the message says now; a guest's words lie there under the same id.
update public.ai_messages a
set content = m.body
from public.messages m
where m.restaurant_id = :restaurant_id and m.provider = :provider and m.provider_message_id = :provider_message_id
  and a.restaurant_id = m.restaurant_id and a.id = m.id

-- name: find_by_provider_id -> StoredMessage
-- A message by the provider's id.
select id, contact, conversation_id, kind, status
from public.messages
where restaurant_id = :restaurant_id and provider = :provider and provider_message_id = :provider_message_id

-- name: note_keyword
-- Which word a message began with.
update public.messages set keyword = :keyword where restaurant_id = :restaurant_id and id = :id

-- name: note_conversation
-- Which conversation a message belongs to.
update public.messages set conversation_id = :conversation_id where restaurant_id = :restaurant_id and id = :id

-- name: find_customer
-- The guest with this phone number.
select id from public.customers where restaurant_id = :restaurant_id and phone = :phone

-- name: find_keyword -> Keyword
-- A word of the restaurant that is in use.
select keyword, campaign_id, reply, consent_text, created_at
from public.campaign_keywords
where restaurant_id = :restaurant_id and keyword = :keyword and ended_at is null

-- name: confirmed_since
-- Whether it was confirmed to this contact lately that marketing has ended.
select exists (
    select from public.messages
    where restaurant_id = :restaurant_id and contact = :contact and direction = 'outgoing' and kind = 'confirmation'
      and created_at > :since
)

-- name: stop_marketing
-- Marketing that waits to be sent to somebody who said stop is not sent any more.
update public.messages
set status = 'failed', error_code = 'consent_withdrawn'
where restaurant_id = :restaurant_id and contact = :contact and direction = 'outgoing' and status = 'queued'
  and (kind = 'marketing' or consent_id is not null)

-- name: lock_sendable
-- Takes the messages for the length of the transaction, so that no two jobs begin to send one.
select id from public.messages
where restaurant_id = :restaurant_id and id = any (:ids::uuid[])
order by id
for update

-- name: sendable -> Sendable
-- Messages that are still to be sent, with what has to be known before.
select m.id, m.contact, m.body, m.kind, m.parts, m.attempts, m.sending_since,
    m.kind <> 'marketing' and m.consent_id is null or exists (
        select from public.user_consents c
        where c.id = m.consent_id
          and app.consent_in_force(c.restaurant_id, array[c.subject], c.consent_type, c.channel) is not null
    ) as is_allowed,
    exists (
        select from public.messages b
        where b.restaurant_id = m.restaurant_id and b.contact = m.contact and b.direction = 'outgoing'
          and b.status = 'queued' and b.provider = m.provider and b.id < m.id and b.created_at <= m.created_at
          and b.created_at > now() - interval '15 minutes'
    ) as is_behind,
    (
        select max(i.created_at) from public.messages i
        where i.restaurant_id = m.restaurant_id and i.contact = m.contact and i.direction = 'incoming'
          and i.provider = m.provider
    ) as last_heard_at,
    now() as now
from public.messages m
where m.restaurant_id = :restaurant_id and m.id = any (:ids::uuid[]) and m.direction = 'outgoing'
  and (m.status = 'queued' or m.error_code = 'call_failed')
order by m.id

-- name: begin_sending
-- From now on a request to send it may have arrived.
update public.messages
set sending_since = now(), attempts = attempts + 1
where restaurant_id = :restaurant_id and id = :id and (status = 'queued' or error_code = 'call_failed')

-- name: not_sent
-- The request did not arrive, or was refused for now: it may be sent again.
update public.messages
set sending_since = null
where restaurant_id = :restaurant_id and id = :id and (status = 'queued' or error_code = 'call_failed')

-- name: note_sent
-- The provider took it; what is further already stays so.
update public.messages
set status = case when status = 'queued' or error_code = 'call_failed' then 'sent' else status end,
    error_code = case when error_code = 'call_failed' then null else error_code end, sent_at = coalesce(sent_at, now()),
    provider_message_id = coalesce(:provider_message_id, provider_message_id), parts = coalesce(:parts, parts)
where restaurant_id = :restaurant_id and id = :id

-- name: forget_echo
-- The echo of a message was taken for one from elsewhere, since its text had been changed on the way.
delete from public.messages
where restaurant_id = :restaurant_id and provider = :provider and provider_message_id = :provider_message_id
  and kind = 'elsewhere'

-- name: note_refused
-- It will not be sent.
update public.messages
set status = 'failed', error_code = :error_code, error_message = :error_message
where restaurant_id = :restaurant_id and id = :id and (status = 'queued' or error_code = 'call_failed')

-- name: report
-- What the provider says of a message; only forward, whatever order reports come in.
update public.messages
set status = :status, sent_at = coalesce(sent_at, :at::timestamptz),
    delivered_at = case when :status in ('delivered', 'read') then coalesce(delivered_at, :at) else delivered_at end,
    error_code = case when :status = 'failed' then :error_code::text end,
    error_message = case when :status = 'failed' then :error_message::text end, parts = coalesce(:parts::smallint, parts)
where restaurant_id = :restaurant_id and provider = :provider and provider_message_id = :provider_message_id
  and direction = 'outgoing'
  and array_position(array['queued', 'sent', 'failed', 'delivered', 'read'], status)
    < array_position(array['queued', 'sent', 'failed', 'delivered', 'read'], :status::text)
returning id

-- name: report_until
-- All that was sent to a guest until a moment is this far.
update public.messages
set status = :status, sent_at = coalesce(sent_at, :at::timestamptz), delivered_at = coalesce(delivered_at, :at)
where restaurant_id = :restaurant_id and provider = :provider and contact = :contact and direction = 'outgoing'
  and created_at <= :until
  and status in ('sent', 'delivered')
  and array_position(array['queued', 'sent', 'failed', 'delivered', 'read'], status)
    < array_position(array['queued', 'sent', 'failed', 'delivered', 'read'], :status::text)

-- name: report_send
-- A campaign's recipient is as far as the message to them.
update public.campaign_sends
set status = :status, sent_at = coalesce(sent_at, :at::timestamptz),
    delivered_at = case when :status = 'delivered' then coalesce(delivered_at, :at) else delivered_at end
where restaurant_id = :restaurant_id and message_id = :message_id
  and status in ('queued', 'sent', case when :status = 'delivered' then 'failed' end)

-- name: claim_echo
-- The oldest message with this text that may be on its way to this guest: the echo tells its id.
update public.messages
set provider_message_id = :provider_message_id, status = 'sent', error_code = null,
    sent_at = coalesce(sent_at, :at::timestamptz)
where (restaurant_id, id) in (
    select restaurant_id, id from public.messages
    where restaurant_id = :restaurant_id and provider = :provider and contact = :contact and direction = 'outgoing'
      and status in ('queued', 'failed') and sending_since is not null and provider_message_id is null
      and regexp_replace(btrim(body), '\s+', ' ', 'g') = regexp_replace(btrim(:body), '\s+', ' ', 'g')
    order by id
    limit 1
    for update
)
returning id

-- name: notify_staff
-- A message to the restaurant's people; it names no guest.
insert into public.notifications (restaurant_id, id, kind, severity, title, body, facts, link, created_at)
values (:restaurant_id, :id, :kind, :severity, :title, :body, :facts, :link, :now)

-- name: find_language
-- The restaurant's language and name.
select language, name from public.restaurants where id = :restaurant_id

-- name: give_up
-- Messages whose call was given up are not on their way any more.
update public.messages m
set status = 'failed', error_code = 'call_failed'
from public.provider_calls c
where c.restaurant_id = m.restaurant_id and c.kind = 'send' and c.status = 'failed' and c.finished_at > :since
  and m.status = 'queued' and m.direction = 'outgoing' and c.arguments -> 'messages' ? m.id::text
  and m.provider = c.provider and m.created_at > :since - interval '7 days'

-- name: database_time
-- The database's own time, by which windows and pauses are counted.
select clock_timestamp()
