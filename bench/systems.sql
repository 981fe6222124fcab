-- name: make_calls
-- Calls to five systems, evenly over the thirty days up to now; most are over within a fifth of a second.
insert into public.api_logs (
    restaurant_id, id, api_name, endpoint, method, response_status, response_time_ms, success, timestamp
)
select :restaurant::uuid, gen_random_uuid(), k.api_name, k.endpoint, k.method, case when c.is_answered then 200 else 500 end,
    c.took_ms, c.is_answered, c.at
from (
    select now() - interval '30 days' * (1 - n::float8 / :count::int) as at, 1 + floor(random() * 12)::int as kind,
        random() > 0.02 as is_answered,
        least(15000, 40 + exp(4.5 + 0.7 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())))::int as took_ms
    from generate_series(1, :count::int) n
) c
join (values
    (1, 'stripe', 'POST', '/v1/payment_intents'), (2, 'stripe', 'POST', '/v1/refunds'),
    (3, 'stripe', 'GET', '/v1/payment_intents/{id}'), (4, 'mobilepay', 'POST', '/payments'),
    (5, 'mobilepay', 'POST', '/payments/{id}/capture'), (6, 'wolt', 'GET', '/orders/{id}'),
    (7, 'wolt', 'PUT', '/orders/{id}/accept'), (8, 'wolt', 'PUT', '/venues/{id}/menu'),
    (9, 'inmobile', 'POST', '/sms/outgoing'), (10, 'inmobile', 'GET', '/sms/incoming'),
    (11, 'economic', 'POST', '/invoices/drafts'), (12, 'economic', 'POST', '/customers')
) as k (kind, api_name, method, endpoint) on k.kind = c.kind;

-- name: make_arrivals
-- Webhooks from three systems, evenly over the same days, each worked through within two seconds.
insert into public.webhook_inbox (
    restaurant_id, id, provider, dedupe_key, event_type, status, received_at, processed_at, next_attempt_at
)
select :restaurant::uuid, gen_random_uuid(), (array['stripe', 'mobilepay', 'wolt'])[1 + a.n % 3], a.n::text, 'paid', 'done',
    a.at, a.at + random() * interval '2 seconds', a.at
from (
    select n, now() - interval '30 days' * (1 - n::float8 / :count::int) as at from generate_series(1, :count::int) n
) a;
