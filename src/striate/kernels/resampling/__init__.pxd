"""Elements copied in another order, and images sampled at positions between their pixels."""
