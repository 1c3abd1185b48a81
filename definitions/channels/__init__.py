"""Ways on which matters come in, as data: what is asked on each, in which order, how it numbers, who may use it, what it opens."""
