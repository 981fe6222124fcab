-- name: spend_form
-- Whether a form is sent for the first time.
select app.spend_form(:restaurant_id, :form, :permission, :now)
