"""The database: the embedded server, bootstrap, migrations, pools, the tenant transaction, the SQL loader."""
