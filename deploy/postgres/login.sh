#!/bin/sh
# Makes the bot's login, which owns its database and is no superuser: row-level security binds it like everybody else.
set -eu
psql --set=ON_ERROR_STOP=1 --username=postgres --set=password="$POSTGRES_PASSWORD" <<'SQL'
create role my_invoices login createrole nosuperuser nobypassrls password :'password';
create database my_invoices owner my_invoices;
SQL
