-- Rules about critical care that are no arithmetic.
select rule_topic, code_family, payer, effective_from, effective_to, claim_modifier, meaning, evidence, source
from billing_rule
order by rule_topic, code_family, payer
