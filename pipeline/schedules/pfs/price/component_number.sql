-- The components that a code can have a row for; a number is compared faster than a name.
select * from (values ('', 0), ('26', 1), ('TC', 2), ('53', 3)) as component_number (component, component_number)
