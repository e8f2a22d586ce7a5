"""The ledger store's schema, one numbered file a step, each with its way back. Run by `flask db`."""
