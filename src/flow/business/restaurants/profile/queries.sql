-- name: find_profile -> Profile
-- What a restaurant's admins may change.
select name, cvr, email, phone, address, postal_code, city, language, time_zone, business_day_cutoff_hour,
    financial_year_first_month, delivery_fee, free_delivery_from, minimum_order, status
from public.restaurants
where id = :restaurant_id;

-- name: change_profile
-- Row level security lets those change it who hold restaurant.write there.
update public.restaurants
set name = :name, cvr = :cvr, email = :email, phone = :phone, address = :address, postal_code = :postal_code, city = :city,
    language = :language, time_zone = :time_zone, business_day_cutoff_hour = :business_day_cutoff_hour,
    financial_year_first_month = :financial_year_first_month, delivery_fee = :delivery_fee,
    free_delivery_from = :free_delivery_from, minimum_order = :minimum_order, status = :status, updated_at = :now
where id = :restaurant_id;

-- name: mark_all_days
-- Days that begin at another hour have other figures: each is rolled up anew.
insert into public.stale_days (restaurant_id, date, reason, marked_at)
select m.restaurant_id, m.date, 'calendar_changed', :now from public.daily_metrics m where m.restaurant_id = :restaurant_id;
