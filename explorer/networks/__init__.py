"""Networks: their layers, the zoo, trained weights with their cards, and what they learned."""
