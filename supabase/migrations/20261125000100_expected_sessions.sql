-- Ingest takes visitors that it does not know to be new, and has the database check that in the transaction's one message.

create function app.expect_none(how_many bigint) returns void
    language plpgsql set search_path = ''
    as $$
begin
    if how_many > 0 then
        raise exception '% found where none was expected', how_many using errcode = 'serialization_failure';
    end if;
end
$$;
comment on function app.expect_none(bigint) is
    'Fails, as one that is to be tried again, a transaction that was built on there being none.';
revoke all on function app.expect_none(bigint) from public, anon, authenticated;
grant execute on function app.expect_none(bigint) to service_role;
