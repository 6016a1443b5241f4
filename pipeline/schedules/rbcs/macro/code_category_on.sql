-- code_category_on(code, day)
-- What kind of service a code is on a day of service: code_category_on('85025', '2025-05-01') is short for code_category_current with that code and day.
select * from code_category_current
where hcpcs_code = upper(trim(code, $blanks)) and cast(day as date) between effective_from and coalesce(effective_to, date '9999-12-31')
