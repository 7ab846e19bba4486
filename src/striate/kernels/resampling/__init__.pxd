"""Elements copied in another order, and images sampled between their pixels."""
