-- Row level security and grants. Every policy compares restaurant_id with the restaurants in which the caller holds a
-- permission (app.restaurants_with), which is an index condition. USING failures show no rows; missing grants raise 42501.
-- The service role reads and writes everything named here and nothing by default; anon reaches no table at all.

-- Nothing by default: old Supabase projects granted everything to everyone.
revoke all on all tables in schema public from public, anon, authenticated, service_role;
revoke all on all tables in schema app from public, anon, authenticated, service_role;

alter table public.restaurants enable row level security;
alter table public.user_restaurant_access enable row level security;
alter table public.user_roles enable row level security;
alter table public.products enable row level security;
alter table public.product_prices enable row level security;
alter table public.product_option_groups enable row level security;
alter table public.product_options enable row level security;
alter table public.discount_codes enable row level security;
alter table public.customers enable row level security;
alter table public.order_counters enable row level security;
alter table public.imports enable row level security;
alter table public.import_errors enable row level security;
alter table public.orders enable row level security;
alter table public.order_items enable row level security;
alter table public.order_status_changes enable row level security;
alter table public.payments enable row level security;
alter table public.loyalty_points enable row level security;
alter table public.loyalty_transactions enable row level security;
alter table public.activities enable row level security;
alter table public.notifications enable row level security;
alter table public.site_keys enable row level security;
alter table public.sessions enable row level security;
alter table public.events enable row level security;
alter table public.page_views enable row level security;
alter table public.heatmap_events enable row level security;
alter table public.rejected_events enable row level security;
alter table public.dropped_events enable row level security;
alter table public.daily_metrics enable row level security;
alter table public.daily_breakdowns enable row level security;
alter table public.product_analytics enable row level security;
alter table public.page_view_aggregates enable row level security;
alter table public.stale_days enable row level security;
alter table public.daily_restatements enable row level security;
alter table public.channel_attribution enable row level security;
alter table public.gdpr_audit_log enable row level security;
alter table app.role_permissions enable row level security;
alter table app.user_credentials enable row level security;
alter table app.login_sessions enable row level security;
alter table app.visitor_salts enable row level security;

-- Reading

create policy "People see the restaurants they work in" on public.restaurants for select to authenticated
    using (id = any (app.restaurants_with('restaurant.read')));
create policy "People see their own memberships and those of restaurants whose people they may see"
    on public.user_restaurant_access for select to authenticated
    using (user_id = app.user_id() or restaurant_id = any (app.restaurants_with('people.read')));
create policy "People see their own platform roles" on public.user_roles for select to authenticated
    using (user_id = app.user_id());
create policy "People see where they are logged in" on app.login_sessions for select to authenticated
    using (user_id = app.user_id());
create policy "Compliance reads the audit log" on public.gdpr_audit_log for select to authenticated
    using (restaurant_id = any (app.restaurants_with('audit.read')));
create policy "Those with menu.read read products" on public.products for select to authenticated
    using (restaurant_id = any (app.restaurants_with('menu.read')));
create policy "Those with menu.read read product_prices" on public.product_prices for select to authenticated
    using (restaurant_id = any (app.restaurants_with('menu.read')));
create policy "Those with menu.read read product_option_groups" on public.product_option_groups for select to authenticated
    using (restaurant_id = any (app.restaurants_with('menu.read')));
create policy "Those with menu.read read product_options" on public.product_options for select to authenticated
    using (restaurant_id = any (app.restaurants_with('menu.read')));
create policy "Those with menu.read read discount_codes" on public.discount_codes for select to authenticated
    using (restaurant_id = any (app.restaurants_with('menu.read')));
create policy "Those with customers.read read customers" on public.customers for select to authenticated
    using (restaurant_id = any (app.restaurants_with('customers.read')));
create policy "Those with quality.read read imports" on public.imports for select to authenticated
    using (restaurant_id = any (app.restaurants_with('quality.read')));
create policy "Those with quality.read read import_errors" on public.import_errors for select to authenticated
    using (restaurant_id = any (app.restaurants_with('quality.read')));
create policy "Those with orders.read read orders" on public.orders for select to authenticated
    using (restaurant_id = any (app.restaurants_with('orders.read')));
create policy "Those with orders.read read order_items" on public.order_items for select to authenticated
    using (restaurant_id = any (app.restaurants_with('orders.read')));
create policy "Those with orders.read read order_status_changes" on public.order_status_changes for select to authenticated
    using (restaurant_id = any (app.restaurants_with('orders.read')));
create policy "Those with payments.read read payments" on public.payments for select to authenticated
    using (restaurant_id = any (app.restaurants_with('payments.read')));
create policy "Those with customers.read read loyalty_points" on public.loyalty_points for select to authenticated
    using (restaurant_id = any (app.restaurants_with('customers.read')));
create policy "Those with customers.read read loyalty_transactions" on public.loyalty_transactions for select to authenticated
    using (restaurant_id = any (app.restaurants_with('customers.read')));
create policy "Those with orders.read read activities" on public.activities for select to authenticated
    using (restaurant_id = any (app.restaurants_with('orders.read')));
create policy "Those with restaurant.read read notifications" on public.notifications for select to authenticated
    using (restaurant_id = any (app.restaurants_with('restaurant.read')));
create policy "Those with restaurant.write read site_keys" on public.site_keys for select to authenticated
    using (restaurant_id = any (app.restaurants_with('restaurant.write')));
create policy "Those with behaviour.read read sessions" on public.sessions for select to authenticated
    using (restaurant_id = any (app.restaurants_with('behaviour.read')));
create policy "Those with behaviour.read read events" on public.events for select to authenticated
    using (restaurant_id = any (app.restaurants_with('behaviour.read')));
create policy "Those with behaviour.read read page_views" on public.page_views for select to authenticated
    using (restaurant_id = any (app.restaurants_with('behaviour.read')));
create policy "Those with behaviour.read read heatmap_events" on public.heatmap_events for select to authenticated
    using (restaurant_id = any (app.restaurants_with('behaviour.read')));
create policy "Those with quality.read read rejected_events" on public.rejected_events for select to authenticated
    using (restaurant_id = any (app.restaurants_with('quality.read')));
create policy "Those with quality.read read dropped_events" on public.dropped_events for select to authenticated
    using (restaurant_id = any (app.restaurants_with('quality.read')));
create policy "Those with analytics.read read daily_metrics" on public.daily_metrics for select to authenticated
    using (restaurant_id = any (app.restaurants_with('analytics.read')));
create policy "Those with analytics.read read daily_breakdowns" on public.daily_breakdowns for select to authenticated
    using (restaurant_id = any (app.restaurants_with('analytics.read')));
create policy "Those with analytics.read read product_analytics" on public.product_analytics for select to authenticated
    using (restaurant_id = any (app.restaurants_with('analytics.read')));
create policy "Those with analytics.read read page_view_aggregates" on public.page_view_aggregates for select to authenticated
    using (restaurant_id = any (app.restaurants_with('analytics.read')));
create policy "Those with analytics.read read stale_days" on public.stale_days for select to authenticated
    using (restaurant_id = any (app.restaurants_with('analytics.read')));
create policy "Those with analytics.read read daily_restatements" on public.daily_restatements for select to authenticated
    using (restaurant_id = any (app.restaurants_with('analytics.read')));
create policy "Those with analytics.read read channel_attribution" on public.channel_attribution for select to authenticated
    using (restaurant_id = any (app.restaurants_with('analytics.read')));

grant select on
    public.restaurants, public.user_restaurant_access, public.user_roles, public.gdpr_audit_log,
    public.products, public.product_prices, public.product_option_groups, public.product_options,
    public.discount_codes, public.customers, public.imports, public.import_errors, public.orders,
    public.order_items, public.order_status_changes, public.payments, public.loyalty_points,
    public.loyalty_transactions, public.activities, public.notifications, public.site_keys, public.sessions,
    public.events, public.page_views, public.heatmap_events, public.rejected_events, public.dropped_events,
    public.daily_metrics, public.daily_breakdowns, public.product_analytics, public.page_view_aggregates,
    public.stale_days, public.daily_restatements, public.channel_attribution
    to authenticated;

-- Writing: people change states and the menu; money and history are written by the service alone.

create policy "Those with restaurant.write change their restaurant" on public.restaurants for update to authenticated
    using (id = any (app.restaurants_with('restaurant.write')))
    with check (id = any (app.restaurants_with('restaurant.write')));
grant update (name, email, phone, address, postal_code, city, time_zone, business_day_cutoff_hour, language,
    delivery_fee, free_delivery_from, minimum_order, status, updated_at) on public.restaurants to authenticated;

create policy "Those with orders.write move orders along" on public.orders for update to authenticated
    using (restaurant_id = any (app.restaurants_with('orders.write')))
    with check (restaurant_id = any (app.restaurants_with('orders.write')));
grant update (status, cancel_reason, confirmed_at, completed_at, cancelled_at, refunded_at, updated_at)
    on public.orders to authenticated;
create policy "Those with orders.write record the steps" on public.order_status_changes for insert to authenticated
    with check (restaurant_id = any (app.restaurants_with('orders.write')) and changed_by = app.user_id());
grant insert on public.order_status_changes to authenticated;

create policy "Those with menu.write add products" on public.products for insert to authenticated
    with check (restaurant_id = any (app.restaurants_with('menu.write')));
create policy "Those with menu.write change products" on public.products for update to authenticated
    using (restaurant_id = any (app.restaurants_with('menu.write')))
    with check (restaurant_id = any (app.restaurants_with('menu.write')));
create policy "Those with menu.write record prices" on public.product_prices for insert to authenticated
    with check (restaurant_id = any (app.restaurants_with('menu.write')) and changed_by = app.user_id());
grant insert on public.products, public.product_prices to authenticated;
grant update (name, description, category, sku, price, allergens, position, is_available, is_active, updated_at)
    on public.products to authenticated;

create policy "Those with orders.write mark days stale" on public.stale_days for insert to authenticated
    with check (restaurant_id = any (app.restaurants_with('orders.write')));
grant insert on public.stale_days to authenticated;

create policy "Those with quality.write say what became of replayed events" on public.rejected_events for update
    to authenticated
    using (restaurant_id = any (app.restaurants_with('quality.write')))
    with check (restaurant_id = any (app.restaurants_with('quality.write')));
grant update (replayed_at, replay_outcome) on public.rejected_events to authenticated;

create policy "Those who work in a restaurant mark its notifications read" on public.notifications for update
    to authenticated
    using (restaurant_id = any (app.restaurants_with('restaurant.read')))
    with check (restaurant_id = any (app.restaurants_with('restaurant.read')));
grant update (read_at) on public.notifications to authenticated;

create policy "People end their own log-ins" on app.login_sessions for update to authenticated
    using (user_id = app.user_id())
    with check (user_id = app.user_id() and ended_at is not null);
grant select, update (ended_at) on app.login_sessions to authenticated;

-- The service: ingest, orders, roll-ups, retention, log-in. Deleting only where something ends by law or undo.

grant select, insert, update on all tables in schema public to service_role;
revoke update on public.gdpr_audit_log from service_role;
grant delete on public.user_restaurant_access, public.user_roles, public.sessions, public.events, public.page_views,
    public.heatmap_events, public.rejected_events, public.dropped_events, public.stale_days, public.daily_metrics,
    public.daily_breakdowns, public.product_analytics, public.page_view_aggregates, public.notifications,
    public.orders, public.order_items, public.order_status_changes, public.payments, public.channel_attribution,
    public.import_errors
    to service_role;
grant select on app.role_permissions, app.accounts to service_role;
grant select, insert, update, delete on app.user_credentials, app.login_sessions, app.visitor_salts to service_role;
grant execute on function app.make_partitions(text, date, date) to service_role;
grant execute on function app.drop_partitions(text, date) to service_role;
alter function app.make_partitions(text, date, date) security definer;
alter function app.drop_partitions(text, date) security definer;
