"""Post yesterday's invoices to the ledger, as billing_api."""

import boto3
import psycopg

PASSWORD = boto3.client("secretsmanager").get_secret_value(SecretId="erp/billing-api")
WITH = "host=db.ledgerline.internal dbname=erp user=billing_api"
POST = "select fin.post_entry(issued_on, '4000', 0, net_amount) from yesterday"

with psycopg.connect(WITH, password=PASSWORD["SecretString"]) as connection:
    connection.execute(POST)
