"""Which packages of drugs (NDC) are billed under a HCPCS code, and as how many units."""
