-- What the factor of a release follows from: each weight with its rate.
select relative_weight as weight, payment_rate as rate from stage.addendum_b where relative_weight is not null
