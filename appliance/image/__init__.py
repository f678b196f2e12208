"""The installable image of the whole system: appliance/image/build."""
