-- Foreign keys, apart from the tables: a distributed installation distributes its tables between the two.
-- Pairs carry the tenant on both sides, so no row can point into another restaurant. Facts are kept (NO ACTION);
-- memberships go with their user. Events and what is derived from them have none: they outlive sessions.

alter table public.user_restaurant_access
    add foreign key (restaurant_id) references public.restaurants (id),
    add foreign key (user_id) references auth.users (id) on delete cascade;
alter table public.user_roles add foreign key (user_id) references auth.users (id) on delete cascade;
alter table app.user_credentials add foreign key (user_id) references auth.users (id) on delete cascade;
alter table app.login_sessions add foreign key (user_id) references auth.users (id) on delete cascade;

alter table public.products
    add foreign key (restaurant_id) references public.restaurants (id),
    add foreign key (restaurant_id, import_id) references public.imports (restaurant_id, id);
alter table public.product_prices
    add foreign key (restaurant_id, product_id) references public.products (restaurant_id, id);
alter table public.product_option_groups
    add foreign key (restaurant_id, product_id) references public.products (restaurant_id, id);
alter table public.product_options
    add foreign key (restaurant_id, group_id) references public.product_option_groups (restaurant_id, id);
alter table public.discount_codes add foreign key (restaurant_id) references public.restaurants (id);
alter table public.customers add foreign key (restaurant_id) references public.restaurants (id);
alter table public.order_counters add foreign key (restaurant_id) references public.restaurants (id);
alter table public.imports add foreign key (restaurant_id) references public.restaurants (id);
alter table public.import_errors
    add foreign key (restaurant_id, import_id) references public.imports (restaurant_id, id);
alter table public.orders
    add foreign key (restaurant_id) references public.restaurants (id),
    add foreign key (restaurant_id, customer_id) references public.customers (restaurant_id, id),
    add foreign key (restaurant_id, import_id) references public.imports (restaurant_id, id);
alter table public.order_items
    add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id),
    add foreign key (restaurant_id, product_id) references public.products (restaurant_id, id);
alter table public.order_status_changes
    add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);
alter table public.payments add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);
alter table public.loyalty_points
    add foreign key (restaurant_id, customer_id) references public.customers (restaurant_id, id);
alter table public.loyalty_transactions
    add foreign key (restaurant_id, customer_id) references public.customers (restaurant_id, id),
    add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);
alter table public.activities add foreign key (restaurant_id) references public.restaurants (id);
alter table public.notifications add foreign key (restaurant_id) references public.restaurants (id);
alter table public.site_keys add foreign key (restaurant_id) references public.restaurants (id);
alter table public.channel_attribution
    add foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id);
alter table public.product_analytics
    add foreign key (restaurant_id, product_id) references public.products (restaurant_id, id);
