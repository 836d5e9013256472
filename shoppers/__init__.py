"""What shoppers view, like and search, with their consent: taste and trends."""
