-- A database and a role per service; each role reaches its own database and no other.
CREATE ROLE inventory LOGIN;
CREATE DATABASE inventory OWNER inventory;
REVOKE CONNECT ON DATABASE inventory FROM PUBLIC;

CREATE ROLE billing LOGIN;
CREATE DATABASE billing OWNER billing;
REVOKE CONNECT ON DATABASE billing FROM PUBLIC;
