"""What runs on a machine that was started from the image: /usr/lib/cloister/image."""
