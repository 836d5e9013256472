"""What learns, knowing only arrays and files: no Django in here."""
