-- A restaurant's admins also say its company number and when its financial year begins.
grant update (cvr, financial_year_first_month) on public.restaurants to authenticated;
