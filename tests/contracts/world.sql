-- One row of every tenant table for the restaurant :restaurant, so that each table's policies can be tried from both
-- sides. Ids are made by the database here: a test's world needs no order.
insert into public.products (restaurant_id, id, name, price) values (:restaurant, :product, 'Margherita', 8900);
insert into public.product_prices (restaurant_id, product_id, valid_from, price) values (:restaurant, :product, now(), 8900);
insert into public.product_option_groups (restaurant_id, id, product_id, name) values (:restaurant, :group, :product, 'Size');
insert into public.product_options (restaurant_id, id, group_id, name) values (:restaurant, gen_random_uuid(), :group, 'Large');
insert into public.discount_codes (restaurant_id, code, percent) values (:restaurant, 'WELCOME10', 10);
insert into public.customers (restaurant_id, id, name, phone) values (:restaurant, :customer, 'Anna Hansen', '+4520123456');
insert into public.order_counters (restaurant_id, last_number) values (:restaurant, 1);
insert into public.imports (restaurant_id, id, kind, mapping_name) values (:restaurant, :import, 'orders', 'till');
insert into public.import_errors (restaurant_id, import_id, file, line, reason, raw)
    values (:restaurant, :import, 'orders.csv', 7, 'no price', 'x;y');
insert into public.orders (restaurant_id, id, order_number, subtotal, total, customer_id, customer_name)
    values (:restaurant, :order, 1, 8900, 8900, :customer, 'Anna Hansen');
insert into public.order_items (restaurant_id, id, order_id, product_id, product_name, unit_price, line_total)
    values (:restaurant, gen_random_uuid(), :order, :product, 'Margherita', 8900, 8900);
insert into public.order_status_changes (restaurant_id, order_id, id, to_status) values (:restaurant, :order, gen_random_uuid(), 'pending');
insert into public.payments (restaurant_id, id, order_id, amount, provider) values (:restaurant, gen_random_uuid(), :order, 8900, 'cash');
insert into public.loyalty_points (restaurant_id, customer_id, points) values (:restaurant, :customer, 8);
insert into public.loyalty_transactions (restaurant_id, id, customer_id, order_id, kind, points)
    values (:restaurant, gen_random_uuid(), :customer, :order, 'earned', 8);
insert into public.activities (restaurant_id, id, activity_type, category, description)
    values (:restaurant, gen_random_uuid(), 'order_placed', 'order', 'Order 1 was placed');
insert into public.notifications (restaurant_id, id, kind, title) values (:restaurant, gen_random_uuid(), 'order', 'A new order');
insert into public.site_keys (restaurant_id, key) values (:restaurant, 'fk_' || replace(:restaurant::text, '-', ''));
insert into public.sessions (restaurant_id, session_id, visitor_id, started_at, ended_at)
    values (:restaurant, :session, gen_random_uuid(), now(), now());
insert into public.events (restaurant_id, timestamp, id, session_id, event_name, event_category)
    values (:restaurant, now(), gen_random_uuid(), :session, 'page_view', 'navigation');
insert into public.page_views (restaurant_id, entered_at, id, session_id) values (:restaurant, now(), gen_random_uuid(), :session);
insert into public.heatmap_events (restaurant_id, timestamp, id, viewport_width, viewport_height, event_type, page_path)
    values (:restaurant, now(), gen_random_uuid(), 1280, 800, 'click', '/');
insert into public.rejected_events (restaurant_id, id, reason, message, raw) values (:restaurant, gen_random_uuid(), 'unknown_event', 'No.', '{}');
insert into public.dropped_events (restaurant_id, hour, reason) values (:restaurant, date_trunc('hour', now()), 'bot_user_agent');
insert into public.daily_metrics (restaurant_id, date) values (:restaurant, '2026-01-01');
insert into public.daily_breakdowns (restaurant_id, date, dimension, value) values (:restaurant, '2026-01-01', 'hour', '12');
insert into public.product_analytics (restaurant_id, product_id, date) values (:restaurant, :product, '2026-01-01');
insert into public.page_view_aggregates (restaurant_id, page_path, date) values (:restaurant, '/', '2026-01-01');
insert into public.stale_days (restaurant_id, date, reason) values (:restaurant, '2026-01-01', 'test');
insert into public.daily_restatements (restaurant_id, date, restated_at, metric, old_value, new_value, reason)
    values (:restaurant, '2026-01-01', now(), 'total_orders', 1, 2, 'late order');
insert into public.channel_attribution (restaurant_id, order_id) values (:restaurant, :order);
insert into public.ai_conversations (restaurant_id, id, conversation_id, channel, customer_name)
    values (:restaurant, gen_random_uuid(), 'chat-1', 'web_chat', 'Anna Hansen');
insert into public.ai_messages (restaurant_id, id, conversation_id, role, content)
    values (:restaurant, gen_random_uuid(), 'chat-1', 'user', 'A Margherita, please');
insert into public.ai_feedback (restaurant_id, id, conversation_id, feedback_type, feedback_source)
    values (:restaurant, gen_random_uuid(), 'chat-1', 'response_quality', 'customer');
insert into public.interactions (restaurant_id, id, "fråga") values (:restaurant, gen_random_uuid(), 'Hur många dagar?');
insert into public.messages (restaurant_id, id, direction, channel, contact, body)
    values (:restaurant, gen_random_uuid(), 'outgoing', 'sms', '+4520123456', 'Your order is ready');
insert into public.marketing_campaigns (restaurant_id, id, name, channel) values (:restaurant, :campaign, 'Spring', 'sms');
insert into public.campaign_keywords (restaurant_id, keyword, reply) values (:restaurant, 'PIZZA', 'Show this at the till');
insert into public.campaign_sends (restaurant_id, id, campaign_id, contact, consent_id)
    values (:restaurant, gen_random_uuid(), :campaign, '+4520123456', gen_random_uuid());
insert into public.builder_configs (restaurant_id, id, kind, name) values (:restaurant, gen_random_uuid(), 'web', 'Site');
insert into public.webhook_logs (restaurant_id, id, webhook_type, webhook_name, status)
    values (:restaurant, gen_random_uuid(), 'incoming', 'stripe_payment', 'success');
insert into public.webhook_inbox (restaurant_id, id, provider, dedupe_key, event_type, status)
    values (:restaurant, gen_random_uuid(), 'stripe', 'evt_1', 'payment_intent.succeeded', 'done');
insert into public.webhook_refusals (restaurant_id, hour, provider, reason, deliveries)
    values (:restaurant, date_trunc('hour', now()), 'stripe', 'bad_signature', 3);
insert into public.provider_calls (restaurant_id, id, provider, kind, key, status)
    values (:restaurant, gen_random_uuid(), 'stripe', 'capture', 'capture:1', 'done');
insert into public.integration_configs (restaurant_id, id, integration_type, integration_name)
    values (:restaurant, gen_random_uuid(), 'payment', 'stripe');
insert into public.api_logs (restaurant_id, id, api_name, endpoint, method, success)
    values (:restaurant, gen_random_uuid(), 'stripe', '/v1/refunds', 'POST', true);
insert into public.daily_calls (restaurant_id, starts_at, ends_at, dimension, value, calls, calls_answered, times_ms, calls_timed)
    values (:restaurant, now(), now() + interval '1 day', '', '', 1, 1, '{90}', '{1}');
insert into public.outbox_events (restaurant_id, id, event_type, object_type, object_id, version, data)
    values (:restaurant, gen_random_uuid(), 'order.created', 'order', :order, 1, '{}');
insert into public.webhook_endpoints (restaurant_id, id, url, event_types, secrets_sealed, public_key)
    values (:restaurant, :order, 'https://till.example/hook', '{order.created}', '', 'whpk_x');
insert into public.webhook_deliveries
    (restaurant_id, id, endpoint_id, event_id, event_type, object_id, sequence, body)
    values (:restaurant, :order, :order, gen_random_uuid(), 'order.created', :order, 1, '{}');
insert into public.webhook_attempts (restaurant_id, id, delivery_id, endpoint_id, attempted_at, duration_ms)
    values (:restaurant, gen_random_uuid(), :order, :order, now(), 12);
insert into public.invitations (restaurant_id, id, email, role, token_hash, expires_at)
    values (:restaurant, gen_random_uuid(), 'nora@napoli.example', 'employee', 'x', now());
insert into public.api_keys (restaurant_id, id, name, key_hash, ending, scopes, expires_at)
    values (:restaurant, gen_random_uuid(), 'Till', 'x', 'abcd', '{orders.read}', now());
insert into public.legal_holds (restaurant_id, id, subject, reason)
    values (:restaurant, gen_random_uuid(), repeat('0', 64), 'Case 2026-17');
insert into public.consent_texts (restaurant_id, consent_type, channel, language, version, body, created_at)
    values (:restaurant, 'marketing', 'sms', 'da', 1, 'Ja tak til nyheder på SMS', now());
insert into public.consent_contacts (restaurant_id, subject, contact, created_at)
    values (:restaurant, repeat('a', 64), '+4520123456', now());
insert into public.consent_confirmations
    (restaurant_id, id, consent_id, subject, channel, contact, language, next_attempt_at, created_at)
    values (:restaurant, gen_random_uuid(), gen_random_uuid(), repeat('a', 64), 'sms', '+4520123456', 'da', now(), now());
insert into public.wolt_orders (restaurant_id, order_id, kind, delivery_type, wolt_status, seen_status)
    values (:restaurant, :order, 'instant', 'homedelivery', 'received', 'pending');
insert into public.courier_deliveries (restaurant_id, id, order_id) values (:restaurant, gen_random_uuid(), :order);
insert into public.invoice_drafts (restaurant_id, order_id) values (:restaurant, :order);
insert into public.spent_forms (restaurant_id, form) values (:restaurant, gen_random_uuid());
insert into public.invoice_credits (restaurant_id, order_id, number, amount) values (:restaurant, :order, 1, 100);
insert into public.invoice_customers (restaurant_id, customer_id, number) values (:restaurant, :customer, 7);
insert into public.payment_refunds (restaurant_id, id, payment_id, order_id, amount)
    select restaurant_id, gen_random_uuid(), id, order_id, 100 from public.payments where restaurant_id = :restaurant;
insert into public.provider_differences (restaurant_id, id, provider, kind, object_id, field, ours, theirs)
    values (:restaurant, gen_random_uuid(), 'stripe', 'payment', 'pi_1', 'status', 'authorized', 'completed');
