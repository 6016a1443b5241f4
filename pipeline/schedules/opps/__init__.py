"""Hospital outpatient departments (OPPS) by the addenda that CMS posts each quarter.

The addenda of the yearly final rule are a schedule of their own (``opps_rule``): their rates of drugs
are out of date when the year begins, so that they never answer what is paid.
"""
