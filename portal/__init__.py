"""The portal: pages and API for citizens, deputies, departments and staff. Only here is FastAPI known.

Pages ask the use cases and views of ``huying``, and decide nothing themselves.
"""
