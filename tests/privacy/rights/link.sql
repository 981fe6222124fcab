-- Ties the rows of world.sql to one guest, Anna Hansen: her contacts, her orders, her visits, her conversations. What is
-- already hers stays; :restaurant is where.
update public.customers set name = 'Anna Hansen', email = 'anna.hansen@example.com' where restaurant_id = :restaurant;
update public.sessions set is_consented = true where restaurant_id = :restaurant;
update public.orders o
set customer_phone = '+4520123456', customer_email = 'anna.hansen@example.com', customer_name = 'Anna Hansen',
    delivery_address = 'Annavej 1', notes = 'Ring to Anna Hansen at 20 12 34 56', visitor_id = s.visitor_id,
    session_id = s.session_id
from public.sessions s
where o.restaurant_id = :restaurant and s.restaurant_id = :restaurant;
update public.channel_attribution
set touchpoint_path = '[{"channel": "sms", "timestamp": "2026-01-01T12:00:00Z"}]' where restaurant_id = :restaurant;
update public.ai_conversations c
set customer_phone = '+4520123456', channel_user_id = 'anna.hansen@example.com', order_id = o.id
from public.orders o
where c.restaurant_id = :restaurant and o.restaurant_id = :restaurant;
update public.ai_feedback set message_id = m.id, conversation_id = null
from public.ai_messages m
where ai_feedback.restaurant_id = :restaurant and m.restaurant_id = :restaurant;
update public.interactions i set user_id = s.visitor_id::text, session_id = s.session_id::text
from public.sessions s
where i.restaurant_id = :restaurant and s.restaurant_id = :restaurant;
update public.page_views p set session_id = s.session_id
from public.sessions s
where p.restaurant_id = :restaurant and s.restaurant_id = :restaurant;
update public.campaign_sends c set message_id = m.id, order_id = o.id
from public.messages m, public.orders o
where c.restaurant_id = :restaurant and m.restaurant_id = :restaurant and o.restaurant_id = :restaurant;
update public.notifications set body = 'Ring to Anna Hansen, +45 20 12 34 56' where restaurant_id = :restaurant;
