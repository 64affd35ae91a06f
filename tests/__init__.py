"""The tests, one folder a layer of the program."""
