"""What a year keeps: its folder, and the ledger of all that came."""
