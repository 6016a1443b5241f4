-- The modifiers that there are and what each does. They come from where the rules come from and not from
-- the tables of a warehouse that is older than the rules: it would take a denial for nothing.
select * from (values $modifiers) as modifier_meaning (claim_modifier, amount_effect, effect, effect_value, factor)
