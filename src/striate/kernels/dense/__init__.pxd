"""Matrix products, and sums of rows."""
