"""Orders of the city's hotline (12345): a file of its platform → rows (`sheet`) → orders with the outside number and
deadline (`actions`, the page is `doors/hotline`) → result words on their way back (`back`)."""
