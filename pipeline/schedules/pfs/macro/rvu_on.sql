-- rvu_on(day)
-- RVUs and indicators on a day of service: rvu_on('2025-05-01') is short for rvu_in_force with that day.
select * from rvu_in_force where cast(day as date) between effective_from and effective_to
