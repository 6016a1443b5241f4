"""Hospital outpatient departments (OPPS) by the addenda of the yearly final rule.

They have what the quarterly ones lack: what each status indicator means, the codes for inpatients only,
ranks and device offsets. What is paid they do not say, because their rates of drugs are out of date when
the year begins. What their Addenda A and B share with the quarterly ones stands in ``opps_addenda``.
"""
