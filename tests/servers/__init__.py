"""Servers on loopback that speak a wire byte for byte, for tests and for trying by hand."""
