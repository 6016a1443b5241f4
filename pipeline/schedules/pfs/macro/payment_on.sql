-- payment_on(day)
-- Payments in every locality on a day of service: payment_on('2025-05-01') is short for payment_locality_in_force with that day.
select * from payment_locality_in_force where cast(day as date) between effective_from and effective_to
