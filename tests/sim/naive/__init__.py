"""The engine a second time: ENGINE's scheduling and sessions in plain Python, with a brand of its own, to hold the kernel against.

``scheduler`` has one queue for everybody and walks every minute; ``members`` is the procedure of a session; ``brand`` carries a programme
out without SimPy; ``draws`` is a second Threefry; ``observe`` watches a real compiled run and writes down every event; ``compare`` finds
the first event that differs. Shared are only the mechanism functions of ``sim.behaviour`` (uncompiled), the drawing of people, the
calendar and the encoding of parameters: both sides get a scenario and a seed, nothing else.
"""
