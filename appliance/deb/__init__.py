"""What `appliance/deb/build` is made of."""
