"""The Restructured BETOS Classification System (RBCS): what kind of service a code is."""
