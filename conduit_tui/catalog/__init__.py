"""What is known of models and of the places that serve them."""
