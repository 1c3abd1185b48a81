"""What other programs see of the house by Open311 GeoReport v2: services, their attributes, and requests without anything private."""
