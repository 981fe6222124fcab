-- Beside one row of every tenant table: what makes the rules of rows differ from each other. An order that has ended, one of
-- the guest :guest who logs in, and rows of the tables that are no tenant's but are about a restaurant or a user.
insert into public.orders (restaurant_id, id, order_number, status, subtotal, total, customer_name)
    values (:restaurant, :ended, 2, 'completed', 4500, 4500, 'Carla Ended');
insert into public.order_items (restaurant_id, id, order_id, product_name, unit_price, line_total)
    values (:restaurant, gen_random_uuid(), :ended, 'Ended Calzone', 4500, 4500);
insert into public.order_status_changes (restaurant_id, order_id, id, to_status)
    values (:restaurant, :ended, gen_random_uuid(), 'completed');
insert into public.payments (restaurant_id, id, order_id, amount, provider)
    values (:restaurant, gen_random_uuid(), :ended, 4500, 'cash');
insert into public.customers (restaurant_id, id, user_id, name) values (:restaurant, :self, :guest, 'Greta Guest');
insert into public.orders (restaurant_id, id, order_number, status, subtotal, total, customer_name, user_id)
    values (:restaurant, :mine, 3, 'completed', 9900, 9900, 'Greta Guest', :guest);
insert into public.orders (restaurant_id, id, order_number, status, subtotal, total, customer_name, customer_id)
    values (:restaurant, :later, 4, 'refunded', 9900, 9900, 'Greta Guest', :self);
insert into public.order_items (restaurant_id, id, order_id, product_name, unit_price, line_total)
    values (:restaurant, gen_random_uuid(), :mine, 'Guest Calzone', 9900, 9900);
insert into public.order_status_changes (restaurant_id, order_id, id, to_status)
    values (:restaurant, :later, gen_random_uuid(), 'refunded');
insert into public.payments (restaurant_id, id, order_id, amount, provider)
    values (:restaurant, gen_random_uuid(), :mine, 9900, 'cash');
insert into public.loyalty_points (restaurant_id, customer_id, points) values (:restaurant, :self, 9);
insert into public.loyalty_transactions (restaurant_id, id, customer_id, kind, points)
    values (:restaurant, gen_random_uuid(), :self, 'earned', 9);
insert into public.marketing_campaigns (restaurant_id, id, name, channel, status)
    values (:restaurant, gen_random_uuid(), 'Winter', 'sms', 'sent');
insert into public.legal_holds (restaurant_id, id, subject, reason, ended_at)
    values (:restaurant, gen_random_uuid(), repeat('1', 64), 'Case 2025-3', now());
insert into public.gdpr_audit_log (id, restaurant_id, action, description)
    values (gen_random_uuid(), :restaurant, 'test', 'Something was done.'),
           (gen_random_uuid(), null, 'test', 'Something was done to the platform.');
insert into public.system_logs (id, log_level, log_category, restaurant_id, message)
    values (gen_random_uuid(), 'info', 'business', :restaurant, 'Something went well');
insert into public.error_logs (id, error_type, error_message, restaurant_id)
    values (gen_random_uuid(), 'api', 'Something went wrong', :restaurant);
insert into public.support_accesses (id, restaurant_id, user_id, reason, expires_at, ended_at)
    values (gen_random_uuid(), :restaurant, gen_random_uuid(), 'A closed case of long ago', now() + interval '1 hour', now());
insert into public.user_consents (id, restaurant_id, user_id, subject, consent_type, channel, granted, consent_version,
    consent_text, collection_method, created_at)
    values (gen_random_uuid(), :restaurant, :guest, repeat('a', 64), 'marketing', 'sms', true, '1', 'Ja tak', 'settings_page', now()),
           (gen_random_uuid(), :restaurant, null, repeat('b', 64), 'marketing', 'sms', false, '1', 'Nej tak', 'sms_reply', now());
insert into public.privacy_requests (id, restaurant_id, kind, subject, received_at, due_at)
    values (gen_random_uuid(), :restaurant, 'access', repeat('a', 64), now(), now() + interval '30 days');
insert into public.privacy_tombstones (id, restaurant_id, subject, request_id, erased_at)
    values (gen_random_uuid(), :restaurant, repeat('c', 64), gen_random_uuid(), now());
insert into public.privacy_restrictions (id, restaurant_id, subject, kind, request_id, since)
    values (gen_random_uuid(), :restaurant, repeat('c', 64), 'restriction', gen_random_uuid(), now());
insert into public.ai_intents (id, intent_name, intent_category)
    values (gen_random_uuid(), 'order_' || replace(:restaurant::text, '-', ''), 'ordering');
insert into public.benchmark_aggregates (id, period_type, period_start, period_end, region, restaurant_count)
    values (gen_random_uuid(), 'daily', '2026-01-01', '2026-01-01', :restaurant::text, 10);
