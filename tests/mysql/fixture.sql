-- What tests/unit/sources/mysql/erp.mysql.json was exported from, on MariaDB 10.11:
-- tests/mysql/test_fixture.py makes it anew and compares.
CREATE DATABASE erp;
CREATE DATABASE crm;
CREATE TABLE erp.gl (id INT PRIMARY KEY, account INT, amount INT);
CREATE TABLE erp.lines (id INT PRIMARY KEY, gl INT, amount INT,
    FOREIGN KEY (gl) REFERENCES erp.gl (id) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE erp.audit (at INT, who TEXT);
CREATE TABLE erp.totals (account INT, amount INT);
CREATE TABLE crm.customers (id INT PRIMARY KEY, email TEXT);
CREATE USER root@'10.%';
CREATE USER owner@localhost;
CREATE USER loader@'%';
CREATE USER loader@'10.0.0.%';
CREATE USER clerk@'%';
CREATE USER reader@'%';
CREATE USER keeper@localhost;
CREATE USER batch@localhost ACCOUNT LOCK;
CREATE USER ''@localhost;
CREATE ROLE analyst;
CREATE ROLE poster;
CREATE ROLE auditor;
GRANT ALL ON *.* TO root@'10.%' WITH GRANT OPTION;
GRANT ALL ON erp.* TO owner@localhost;
GRANT SELECT ON erp.* TO analyst;
GRANT INSERT ON erp.gl TO poster;
GRANT analyst TO auditor;
GRANT EXECUTE ON *.* TO auditor;
GRANT analyst TO reader@'%';
SET DEFAULT ROLE analyst FOR reader@'%';
GRANT poster TO clerk@'%' WITH ADMIN OPTION;
GRANT SELECT (id, account), UPDATE (account) ON erp.gl TO clerk@'%';
GRANT INSERT, UPDATE, DELETE ON `er_`.* TO loader@'%';
GRANT SELECT ON erp.lines TO loader@'10.0.0.%';
GRANT CREATE USER, RELOAD ON *.* TO keeper@localhost;
GRANT SELECT, INSERT, TRIGGER, EXECUTE ON erp.* TO batch@localhost;
GRANT EVENT, LOCK TABLES, SELECT ON erp.* TO keeper@localhost;
GRANT UPDATE ON mysql.* TO batch@localhost;
GRANT SELECT ON crm.* TO PUBLIC;
GRANT PROXY ON reader@'%' TO keeper@localhost;
DELIMITER //
CREATE DEFINER=batch@localhost SQL SECURITY DEFINER VIEW erp.balances AS
    SELECT account, amount FROM erp.gl//
CREATE DEFINER=owner@localhost SQL SECURITY INVOKER VIEW erp.mine AS SELECT id FROM erp.lines//
CREATE DEFINER=batch@localhost TRIGGER erp.logged AFTER INSERT ON erp.lines FOR EACH ROW
    INSERT INTO erp.audit VALUES (NEW.id, 'x')//
CREATE DEFINER=gone@localhost TRIGGER erp.lost BEFORE DELETE ON erp.totals FOR EACH ROW SET @x = 1//
CREATE DEFINER=owner@localhost PROCEDURE erp.post(IN amount INT)
BEGIN
    IF amount > 0 THEN
        INSERT INTO erp.gl VALUES (1, 2, amount);
    END IF;
END//
CREATE DEFINER=owner@localhost PROCEDURE erp.any_sql(IN text TEXT)
BEGIN
    PREPARE given FROM text;
    EXECUTE given;
END//
CREATE DEFINER=owner@localhost PROCEDURE erp.tidy() SQL SECURITY INVOKER DELETE FROM erp.audit//
CREATE DEFINER=batch@localhost EVENT erp.nightly ON SCHEDULE EVERY 1 DAY DO
    INSERT INTO erp.totals SELECT account, amount FROM erp.gl//
DELIMITER ;
GRANT SELECT, INSERT ON erp.balances TO clerk@'%';
GRANT SELECT ON erp.mine TO clerk@'%';
GRANT EXECUTE ON PROCEDURE erp.post TO clerk@'%';
GRANT EXECUTE ON PROCEDURE erp.any_sql TO loader@'%';
GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE erp.tidy TO reader@'%';
