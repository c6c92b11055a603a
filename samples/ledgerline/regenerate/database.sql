-- Ledgerline's warehouse before dbt runs: roles, schemas, tables and rights, as its administrators
-- left them. Passwords are not set: what an export shows of a role needs none.

create role transformer nologin;
create role finance_app nologin;
create role reporting nologin;
create role dbt_runner login in role transformer;
create role payments_loader login;
create role bank_feed login;
create role calendar_sync login;
create role clicks_loader login;
create role erp_backend login in role finance_app;
create role billing_api login;
create role support_bot login;
create role bi_reader login in role reporting;
create role platform_admin login createrole;
create role legacy_etl login;
create role migration_2026 login valid until '2026-10-31 23:59:59+00';
create role cardwell_settlement login;

create schema raw;
create schema ref;
create schema fin;
create schema crm;
create schema staging authorization transformer;
create schema marts authorization transformer;

create table raw.payments (
    payment_id bigint, invoice_id bigint, customer_id bigint, paid_on date,
    amount numeric(14, 2), currency text, status text
);
create table raw.bank_lines (
    line_id bigint, booked_on date, amount numeric(14, 2), reference text
);
create table raw.fx_rates (rated_on date, currency text, rate numeric(12, 6));
create table raw.web_clicks (visitor_id text, viewed_at timestamptz, page text);
create table ref.fiscal_calendar (day date, period text, is_closed boolean);
create table fin.invoices (
    invoice_id bigint, customer_id bigint, issued_on date,
    net_amount numeric(14, 2), currency text
);
create table fin.gl_entries (
    entry_id bigint generated always as identity, booked_on date, account_code text,
    debit numeric(14, 2), credit numeric(14, 2), memo text
);
create table crm.customers (
    customer_id bigint, full_name text, email text, postal_address text, segment text
);

-- The one way the billing service posts entries: a function that runs as its owner.
create function fin.post_entry(on_day date, account text, debit numeric, credit numeric)
returns void
language sql
security definer
set search_path = fin, pg_temp
as $$
    insert into fin.gl_entries (booked_on, account_code, debit, credit)
    values (on_day, account, debit, credit);
$$;
revoke execute on function fin.post_entry(date, text, numeric, numeric) from public;
alter table fin.gl_entries owner to finance_app;
alter table fin.invoices owner to finance_app;
alter function fin.post_entry(date, text, numeric, numeric) owner to finance_app;

grant usage on schema raw, ref to payments_loader, bank_feed, calendar_sync, clicks_loader,
    cardwell_settlement, transformer;
grant usage on schema fin to finance_app, transformer, billing_api, migration_2026;
grant usage on schema crm to support_bot;
grant usage on schema marts to reporting;

grant select on all tables in schema raw, ref, fin to transformer;
grant create on schema ref to transformer;
grant insert on raw.payments to payments_loader;
grant insert, update on raw.payments to cardwell_settlement;
grant insert on raw.bank_lines to bank_feed;
grant update (is_closed) on ref.fiscal_calendar to calendar_sync;
grant insert on raw.web_clicks to clicks_loader;
grant execute on function fin.post_entry(date, text, numeric, numeric) to billing_api;
grant select on crm.customers to support_bot;
grant update on fin.gl_entries to migration_2026;
-- A right that nobody can use: the schema's USAGE was never granted.
grant insert on fin.gl_entries to legacy_etl;

insert into raw.payments values (1, 1, 1, '2026-11-02', 100.00, 'eur', 'settled');
insert into raw.bank_lines values (1, '2026-11-02', 100.00, 'INV-1');
insert into raw.fx_rates values ('2026-11-01', 'EUR', 1.0);
insert into raw.web_clicks values ('v1', '2026-11-01 10:00+00', '/pricing');
insert into ref.fiscal_calendar values ('2026-11-01', '2026-11', false);
insert into fin.invoices values (1, 1, '2026-11-01', 100.00, 'EUR');
insert into fin.gl_entries (booked_on, account_code, debit, credit)
values ('2026-11-01', '1100', 100.00, 0), ('2026-11-01', '4000', 0, 100.00);
insert into crm.customers values (1, 'Test Person', 'person@customer.example', '1 Test Way', 'smb');
