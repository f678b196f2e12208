"""What `appliance/try` is made of. Standard library only until the Debian packages are in."""
