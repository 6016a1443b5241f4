"""The fee schedule for equipment, prosthetics, orthotics and supplies (DMEPOS), with nutrition (PEN)."""
