"""References of documents: to other documents and to places in them, and to places of their own."""
