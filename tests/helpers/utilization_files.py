"""Made utilization files with CMS's columns, quoting and encoding."""

# The heads as CMS writes them.
PROVIDER = (
    "Rndrng_NPI,Rndrng_Prvdr_Last_Org_Name,Rndrng_Prvdr_First_Name,Rndrng_Prvdr_MI,"
    "Rndrng_Prvdr_Crdntls,Rndrng_Prvdr_Ent_Cd,Rndrng_Prvdr_St1,Rndrng_Prvdr_St2,"
    "Rndrng_Prvdr_City,Rndrng_Prvdr_State_Abrvtn,Rndrng_Prvdr_State_FIPS,Rndrng_Prvdr_Zip5,"
    "Rndrng_Prvdr_RUCA,Rndrng_Prvdr_RUCA_Desc,Rndrng_Prvdr_Cntry,Rndrng_Prvdr_Type,"
    "Rndrng_Prvdr_Mdcr_Prtcptg_Ind,HCPCS_Cd,HCPCS_Desc,HCPCS_Drug_Ind,Place_Of_Srvc,Tot_Benes,"
    "Tot_Srvcs,Tot_Bene_Day_Srvcs,Avg_Sbmtd_Chrg,Avg_Mdcr_Alowd_Amt,Avg_Mdcr_Pymt_Amt,"
    "Avg_Mdcr_Stdzd_Amt"
)
HEADS = {
    "by_provider": PROVIDER.split(","),
    "by_provider_until_2024": PROVIDER.replace("Crdntls,", "Crdntls,Rndrng_Prvdr_Gndr,").split(","),
    "by_geography": [
        "Rndrng_Prvdr_Geo_Lvl",
        "Rndrng_Prvdr_Geo_Cd",
        "Rndrng_Prvdr_Geo_Desc",
        "HCPCS_Cd",
        "HCPCS_Desc",
        "HCPCS_Drug_Ind",
        "Place_Of_Srvc",
        "Tot_Rndrng_Prvdrs",
        "Tot_Benes",
        "Tot_Srvcs",
        "Tot_Bene_Day_Srvcs",
        "Avg_Sbmtd_Chrg",
        "Avg_Mdcr_Alowd_Amt",
        "Avg_Mdcr_Pymt_Amt",
        "Avg_Mdcr_Stdzd_Amt",
    ],
}

PROVIDER_FILE = "MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv"
GEOGRAPHY_FILE = "MUP_PHY_R25_P05_V20_D23_Geo.csv"

# What every line has where a test says nothing else: texts that must not enter the warehouse.
ORDINARY = {
    "Rndrng_NPI": "1003000126",
    "Rndrng_Prvdr_Last_Org_Name": "Muñoz, Clinic",
    "Rndrng_Prvdr_RUCA_Desc": "Metropolitan area, core",
    "Rndrng_Prvdr_Type": "Critical Care (Intensivists)",
    "Rndrng_Prvdr_Geo_Lvl": "National",
    "Rndrng_Prvdr_Geo_Desc": "National",
    "HCPCS_Cd": "99291",
    "HCPCS_Desc": "A made-up description, with a comma",
    "Place_Of_Srvc": "F",
    "Tot_Rndrng_Prvdrs": "5",
    "Tot_Benes": "20",
    "Tot_Srvcs": "30",
    "Avg_Mdcr_Alowd_Amt": "100.333333333",
}


def text(head: str, *lines: dict[str, str]) -> str:
    """A file with a head, as CMS writes it: quotes where a cell has a comma, CRLF."""
    names = HEADS[head]
    rows = [names] + [[(ORDINARY | line).get(name, "") for name in names] for line in lines]
    cells = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in rows]
    return "".join(",".join(row) + "\r\n" for row in cells)
