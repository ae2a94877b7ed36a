"""What a rollout is. Pure: no clock, no I/O, no Azure, no environment.

A *request* asks for a scale set to be moved to an *image*. The *fleet* is what exists. A *plan*
puts the instances into *batches* that never span two update domains. Before each batch the
*gate* says whether we may go on; after it the *watch* says whether the batch has become healthy.
*Progress* remembers what has happened to whom, and the *view* is what people see of it.
"""
