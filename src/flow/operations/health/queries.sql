-- name: answer
-- The shortest question there is, to see whether the database answers.
select 1;
