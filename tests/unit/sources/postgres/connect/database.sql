-- The database that crm.postgres.json is an export of (PostgreSQL 15).
CREATE ROLE app LOGIN;
CREATE ROLE stranger LOGIN;
REVOKE CONNECT ON DATABASE crm FROM PUBLIC;
GRANT CONNECT ON DATABASE crm TO app;
CREATE TABLE public.customer (id int) PARTITION BY LIST (id);
CREATE TABLE public.customer_rest PARTITION OF public.customer DEFAULT;
GRANT SELECT, INSERT ON public.customer TO PUBLIC;
CREATE MATERIALIZED VIEW public.customers AS SELECT count(*) FROM public.customer;
