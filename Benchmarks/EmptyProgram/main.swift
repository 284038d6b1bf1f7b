// A program that does nothing. What it costs, linked as `galley` is, is what no Swift program can go below.
