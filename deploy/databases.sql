-- beside the database of the house: Prefect must not share it, both keep their migrations in a table of the same name
CREATE DATABASE prefect;
