"""What the photos say: aggregates of searches and likes for staff, without anybody's identity."""
